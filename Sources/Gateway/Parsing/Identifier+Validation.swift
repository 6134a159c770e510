package import TallyActors

extension Identifier {
    /// nil for bytes that are no identifier.
    package init?(validating bytes: UnsafeRawBufferPointer) {
        guard Self.isValid(bytes) else { return nil }
        self.init(validated: bytes)
    }

    /// Whether the bytes are an identifier: valid UTF-8, 1 to 128 bytes, without control characters
    /// (U+0000–001F, U+007F–009F, U+2028, U+2029), and not `.` or `..`.
    package static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard 1...maximumLength ~= bytes.count, !isDots(bytes) else { return false }
        var offset = 0
        while offset < bytes.count {
            if offset + 8 <= bytes.count {
                let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                if ByteMask.unplainInText(UInt64(littleEndian: word)) == 0 {
                    offset += 8
                    continue
                }
            }
            guard let length = characterLength(in: bytes, at: offset) else { return false }
            offset += length
        }
        return true
    }

    private static func isDots(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count <= 2 && bytes.allSatisfy { $0 == UInt8(ascii: ".") }
    }

    /// Bytes of the character at `offset`; nil when it may not stand in an identifier.
    private static func characterLength(in bytes: UnsafeRawBufferPointer, at offset: Int) -> Int? {
        let byte = bytes[offset]
        if byte < 0x80 { return byte < 0x20 || byte == 0x7F ? nil : 1 }
        guard let length = UTF8Sequence.length(in: bytes, at: offset) else { return nil }
        if byte == 0xC2, bytes[offset + 1] < 0xA0 { return nil }
        if byte == 0xE2, bytes[offset + 1] == 0x80, bytes[offset + 2] & 0xFE == 0xA8 { return nil }
        return length
    }
}
