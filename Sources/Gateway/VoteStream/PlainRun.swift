/// Finds where a string in JSON stops being printable ASCII that stands for itself, sixteen bytes
/// at a time.
enum PlainRun {
    /// Bytes that are looked at at once.
    static let width = 16

    /// The first byte from `start` on that is a quote, a backslash, a control character (DEL, too)
    /// or beyond ASCII. Reads up to 16 bytes from any byte before it.
    @inline(__always)
    static func end(from start: UnsafeRawPointer) -> UnsafeRawPointer {
        var place = start
        while true {
            let unplain = unplain(at: place)
            if unplain[0] | unplain[1] == 0 {
                // A step that does not depend on what was read: the next bytes are already on
                // their way while these are judged.
                place += width
            } else if unplain[0] != 0 {
                return place + unplain[0].trailingZeroBitCount >> 3
            } else {
                return place + 8 + unplain[1].trailingZeroBitCount >> 3
            }
        }
    }

    /// Whether so many bytes from `start` on, at least `width`, are all plain. Reads up to 16 bytes
    /// from any byte before the first that is not.
    @inline(__always)
    static func covers(_ start: UnsafeRawPointer, count: Int) -> Bool {
        var offset = 0
        while offset < count - width {
            if !isPlain(start + offset) { return false }
            offset += width
        }
        return isPlain(start + count - width)
    }

    @inline(__always)
    private static func isPlain(_ place: UnsafeRawPointer) -> Bool {
        let unplain = unplain(at: place)
        return unplain[0] | unplain[1] == 0
    }

    /// Bit 7 of each byte that is not plain, exact up to the first of each word.
    ///
    /// The arithmetic of `ByteMask`, on two words at once: comparing bytes lane by lane is not
    /// made into vector instructions by the compiler, this is.
    @inline(__always)
    private static func unplain(at place: UnsafeRawPointer) -> SIMD2<UInt64> {
        typealias Words = SIMD2<UInt64>
        let words = place.loadUnaligned(as: Words.self)
        let ones = Words(repeating: 0x0101_0101_0101_0101)
        let quote = (words ^ Words(repeating: 0x2222_2222_2222_2222)) &- ones
        let backslash = (words ^ Words(repeating: 0x5C5C_5C5C_5C5C_5C5C)) &- ones
        let control = words &- Words(repeating: 0x2020_2020_2020_2020)
        let delete = (words & Words(repeating: 0x7F7F_7F7F_7F7F_7F7F)) &+ ones
        return (quote | backslash | control | delete | words)
            & Words(repeating: ByteMask.highBits)
    }
}
