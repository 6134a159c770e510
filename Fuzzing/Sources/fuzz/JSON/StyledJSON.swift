/// Writes a tree as JSON in one of the many ways in which it may be written.
struct StyledJSON {
    private(set) var bytes: [UInt8] = []

    /// - Parameter style: decides on white space and escapes; none of both where it has ended.
    static func write(_ value: JSONValue, style: inout FuzzInput) -> [UInt8] {
        var text = StyledJSON()
        text.write(value, &style)
        return text.bytes
    }

    private mutating func write(_ value: JSONValue, _ style: inout FuzzInput) {
        space(&style)
        switch value {
        case .null: bytes += Array("null".utf8)
        case .boolean(let value): bytes += Array("\(value)".utf8)
        case .number(let digits): bytes += digits
        case .string(let text): write(text, &style)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                write(element, &style)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                write(.string(member.key), &style)
                bytes.append(UInt8(ascii: ":"))
                write(member.value, &style)
            }
            bytes.append(UInt8(ascii: "}"))
        }
        space(&style)
    }

    private mutating func space(_ style: inout FuzzInput) {
        let kinds: [[UInt8]] = [[], [], [], [0x20], [0x09], [0x0D], [0x0A], [0x20, 0x20]]
        bytes += kinds[style.number(below: kinds.count)]
    }

    private mutating func write(_ text: [UInt8], _ style: inout FuzzInput) {
        bytes.append(UInt8(ascii: "\""))
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            let mustEscape = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
            if mustEscape || style.byte() & 3 == 1 {
                for unit in UTF16.encode(scalar)! {
                    let digits = String(unit, radix: 16, uppercase: style.byte() & 1 == 1)
                    let zeros = String(repeating: "0", count: 4 - digits.utf8.count)
                    bytes += Array("\\u\(zeros)\(digits)".utf8)
                }
            } else {
                bytes += Array(UTF8.encode(scalar)!)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
