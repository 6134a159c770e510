/// The value of a header field, to be taken apart at its separators, which do not count within
/// quotes (RFC 9110, 5.6).
struct FieldValue {
    private let bytes: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) {
        self.bytes = ArraySlice(bytes)
    }

    /// The parts between the separators, without white space around them.
    func parts(at separator: Unicode.Scalar) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = bytes.startIndex
        var isQuoted = false
        var place = start
        while place < bytes.endIndex {
            switch bytes[place] {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "\\") where isQuoted: place += 1
            case UInt8(ascii: separator) where !isQuoted:
                parts.append(Self.trimmed(bytes[start..<place]))
                start = place + 1
            default: break
            }
            place += 1
        }
        parts.append(Self.trimmed(bytes[start...]))
        return parts
    }

    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        return bytes
    }

    static func lowercased(_ byte: UInt8) -> UInt8 {
        0x41...0x5A ~= byte ? byte | 0x20 : byte
    }
}
