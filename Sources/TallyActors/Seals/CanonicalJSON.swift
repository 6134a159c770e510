import Persistence

/// JSON in the one form that RFC 8785 (JSON Canonicalization Scheme) gives it: no white space,
/// members sorted by the UTF-16 code units of their names, and of the escapes only the needed ones.
///
/// Numbers are the integers that a seal holds, below 2^53: written as their digits, which is what
/// the RFC makes of them.
package indirect enum CanonicalJSON: Sendable {
    case integer(UInt64)
    /// Valid UTF-8.
    case string([UInt8])
    case array([CanonicalJSON])
    /// In any order; no name twice.
    case object([(name: [UInt8], value: CanonicalJSON)])

    /// The value as UTF-8.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes
    }

    private func write(to bytes: inout [UInt8]) {
        switch self {
        case .integer(let value):
            precondition(value < 1 << 53, "an integer that not every JSON reader can hold")
            bytes.append(contentsOf: String(value).utf8)
        case .string(let text):
            Self.write(text, to: &bytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                element.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            let sorted = members.map { (units: Self.utf16($0.name), member: $0) }
                .sorted { $0.units.lexicographicallyPrecedes($1.units) }
            bytes.append(UInt8(ascii: "{"))
            for (index, (_, member)) in sorted.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.write(member.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func utf16(_ name: [UInt8]) -> [UInt16] {
        Array(String(decoding: name, as: UTF8.self).utf16)
    }

    /// Section 3.2.2.2 of the RFC.
    private static func write(_ text: [UInt8], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case 0x08: bytes.append(contentsOf: "\\b".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0C: bytes.append(contentsOf: "\\f".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0..<0x20:
                bytes.append(contentsOf: "\\u\(HexDigits.of(UInt64(byte), count: 4))".utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
