/// A JSON object of strings without escapes, non-negative integers, `true` and `false`: all that answer lines
/// consist of. A load has very many of them, so that they are read without a general parser.
struct FlatObject {
    var numbers: [String: Int] = [:]
    var texts: [String: String] = [:]
    var flags: [String: Bool] = [:]

    private struct Fault: Error {}

    /// Nil: not such an object.
    init?(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes[...]
        do {
            try read(&rest)
        } catch {
            return nil
        }
    }

    private mutating func read(_ rest: inout Slice<UnsafeRawBufferPointer>) throws(Fault) {
        guard Self.skip("{", in: &rest) else { throw Fault() }
        if !Self.skip("}", in: &rest) {
            repeat {
                let key = try Self.text(&rest)
                guard Self.skip(":", in: &rest) else { throw Fault() }
                try value(of: key, &rest)
            } while Self.skip(",", in: &rest)
            guard Self.skip("}", in: &rest) else { throw Fault() }
        }
        Self.skipSpace(&rest)
        guard rest.isEmpty else { throw Fault() }
    }

    private mutating func value(
        of key: String, _ rest: inout Slice<UnsafeRawBufferPointer>
    ) throws(Fault) {
        Self.skipSpace(&rest)
        switch rest.first {
        case UInt8(ascii: "\"")?:
            texts[key] = try Self.text(&rest)
        case UInt8(ascii: "t")? where rest.starts(with: "true".utf8):
            flags[key] = true
            rest.removeFirst(4)
        case UInt8(ascii: "f")? where rest.starts(with: "false".utf8):
            flags[key] = false
            rest.removeFirst(5)
        default:
            numbers[key] = try Self.number(&rest)
        }
    }

    private static func text(_ rest: inout Slice<UnsafeRawBufferPointer>) throws(Fault) -> String {
        guard skip("\"", in: &rest), let end = rest.firstIndex(of: UInt8(ascii: "\"")) else {
            throw Fault()
        }
        let text = rest[..<end]
        guard !text.contains(UInt8(ascii: "\\")) else { throw Fault() }
        rest = rest[(end + 1)...]
        return String(decoding: text, as: UTF8.self)
    }

    private static func number(_ rest: inout Slice<UnsafeRawBufferPointer>) throws(Fault) -> Int {
        let digits = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        guard let number = Int(String(decoding: digits, as: UTF8.self)) else { throw Fault() }
        rest.removeFirst(digits.count)
        return number
    }

    private static func skip(
        _ character: Unicode.Scalar, in rest: inout Slice<UnsafeRawBufferPointer>
    ) -> Bool {
        skipSpace(&rest)
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    private static func skipSpace(_ rest: inout Slice<UnsafeRawBufferPointer>) {
        while let byte = rest.first, byte == 0x20 || 0x09...0x0d ~= byte { rest.removeFirst() }
    }
}
