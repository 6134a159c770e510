/// The grammar of RFC 8259, spelled out in the plainest way, as a reference for `JSONReader`.
struct NaiveJSONReader {
    /// Deeper than anything that is read here; so that the reference does not run out of stack.
    private static let maximumDepth = 100

    private struct NoJSON: Error {}

    private let bytes: [UInt8]
    private var place = 0

    /// nil for what is no JSON text in UTF-8, or nests beyond all reason.
    static func read(_ bytes: [UInt8]) -> JSONValue? {
        guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
        var reader = NaiveJSONReader(bytes: bytes)
        guard let value = try? reader.readValue(depth: 0) else { return nil }
        reader.skipSpace()
        return reader.place == bytes.count ? value : nil
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { place += 1 }
    }

    private mutating func take(_ text: String) -> Bool {
        guard bytes[place...].starts(with: text.utf8) else { return false }
        place += text.utf8.count
        return true
    }

    private mutating func expect(_ text: String) throws {
        guard take(text) else { throw NoJSON() }
    }

    private mutating func readValue(depth: Int) throws -> JSONValue {
        guard depth < Self.maximumDepth else { throw NoJSON() }
        skipSpace()
        if take("{") { return .object(try readMembers(depth: depth)) }
        if take("[") { return .array(try readElements(depth: depth)) }
        if take("\"") { return .string(try readString()) }
        if take("true") { return .boolean(true) }
        if take("false") { return .boolean(false) }
        if take("null") { return .null }
        return .number(try readNumber())
    }

    private mutating func readMembers(depth: Int) throws -> [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        skipSpace()
        if take("}") { return members }
        repeat {
            skipSpace()
            try expect("\"")
            let key = try readString()
            skipSpace()
            try expect(":")
            members.append(.init(key: key, value: try readValue(depth: depth + 1)))
            skipSpace()
        } while take(",")
        try expect("}")
        return members
    }

    private mutating func readElements(depth: Int) throws -> [JSONValue] {
        var elements: [JSONValue] = []
        skipSpace()
        if take("]") { return elements }
        repeat {
            elements.append(try readValue(depth: depth + 1))
            skipSpace()
        } while take(",")
        try expect("]")
        return elements
    }

    private mutating func readNumber() throws -> [UInt8] {
        let start = place
        _ = take("-")
        if !take("0") { try readDigits() }
        if take(".") { try readDigits() }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            try readDigits()
        }
        return Array(bytes[start..<place])
    }

    private mutating func readDigits() throws {
        let start = place
        while let byte = next, 0x30...0x39 ~= byte { place += 1 }
        guard place > start else { throw NoJSON() }
    }

    /// What follows an opening quote.
    private mutating func readString() throws -> [UInt8] {
        var text: [UInt8] = []
        while let byte = next {
            if take("\"") { return text }
            guard byte >= 0x20 else { throw NoJSON() }
            if take("\\") {
                text += try readEscape()
            } else {
                text.append(byte)
                place += 1
            }
        }
        throw NoJSON()
    }

    private mutating func readEscape() throws -> [UInt8] {
        let plain = ["\"": "\"", "\\": "\\", "/": "/"]
        let control = ["b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r", "t": "\t"]
        for (name, text) in plain.merging(control, uniquingKeysWith: { first, _ in first })
        where take(name) {
            return Array(text.utf8)
        }
        try expect("u")
        var units = [try readUnit()]
        if UTF16.isLeadSurrogate(units[0]) {
            try expect("\\u")
            units.append(try readUnit())
        }
        guard let text = String(validating: units, as: UTF16.self) else { throw NoJSON() }
        return Array(text.utf8)
    }

    private mutating func readUnit() throws -> UInt16 {
        let digits = bytes[place...].prefix(4)
        // Not what an initializer of integers takes, too: a sign.
        guard digits.count == 4, digits.allSatisfy({ $0 != 0x2B && $0 != 0x2D }),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw NoJSON() }
        place += 4
        return unit
    }
}
