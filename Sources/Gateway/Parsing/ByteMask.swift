/// Questions about eight bytes at once ("SIMD within a register").
///
/// Each answer is a word in which bit 7 of the byte says yes; where bytes are counted from the
/// lowest, the first yes is exact, and those behind it may be false. So an answer serves for "is
/// there any" and for "where is the first".
enum ByteMask {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// Bytes that cannot stand for themselves in a plain ASCII JSON string: a quote, a backslash,
    /// a control character (DEL, too), or anything beyond ASCII.
    @inline(__always)
    static func unplainInString(_ word: UInt64) -> UInt64 {
        let quote = word ^ (0x22 &* ones)
        let backslash = word ^ (0x5C &* ones)
        // Without its high bit a byte plus one overflows into it only when it is DEL (0x7F); the
        // high bit itself is a yes anyway.
        return
            ((quote &- ones) | (backslash &- ones) | (word &- (0x20 &* ones)) | word
            | ((word & ~highBits) &+ ones)) & highBits
    }

    /// Control characters (DEL, too) and anything beyond ASCII.
    @inline(__always)
    static func unplainInText(_ word: UInt64) -> UInt64 {
        ((word &- (0x20 &* ones)) | word | ((word & ~highBits) &+ ones)) & highBits
    }

    /// The place, 0 to 7, of the first yes of an answer that has one.
    @inline(__always)
    static func firstIndex(_ mask: UInt64) -> Int {
        mask.trailingZeroBitCount >> 3
    }

    /// Where the first newline stands; nil when there is none.
    static func firstNewline(in bytes: UnsafeRawBufferPointer) -> Int? {
        var offset = 0
        while offset + 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let difference = UInt64(littleEndian: word) ^ (0x0A &* ones)
            let newlines = (difference &- ones) & ~difference & highBits
            if newlines != 0 { return offset + firstIndex(newlines) }
            offset += 8
        }
        while offset < bytes.count {
            if bytes[offset] == UInt8(ascii: "\n") { return offset }
            offset += 1
        }
        return nil
    }
}
