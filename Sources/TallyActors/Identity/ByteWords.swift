/// Reads the bytes of a name as little-endian words, whatever their alignment, and never a byte
/// beyond them: what hashing and comparing names is built on.
package struct ByteWords {
    @usableFromInline let base: UnsafeRawPointer?
    /// Bytes that make whole words.
    package let wholeBytes: Int
    /// Bytes behind the last whole word, 0 to 7.
    package let tailBytes: Int

    @inlinable @inline(__always)
    package init(_ bytes: UnsafeRawBufferPointer) {
        base = bytes.baseAddress
        tailBytes = bytes.count & 7
        wholeBytes = bytes.count - tailBytes
    }

    /// - Parameter offset: a multiple of 8 below `wholeBytes`.
    @inlinable @inline(__always)
    package func word(at offset: Int) -> UInt64 {
        let word = base.unsafelyUnwrapped.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        return UInt64(littleEndian: word)
    }

    /// The bytes behind the last whole word, filled up with zeros.
    @inlinable @inline(__always)
    package var tail: UInt64 {
        guard tailBytes > 0 else { return 0 }
        let start = base.unsafelyUnwrapped + wholeBytes
        if wholeBytes > 0 {
            // The word that ends with the last byte, its leading bytes shifted out.
            let last = (start + tailBytes - 8).loadUnaligned(as: UInt64.self)
            return UInt64(littleEndian: last) >> UInt64(64 - 8 * tailBytes)
        }
        // Overlapping loads: a byte that two of them hold lands in the same place twice.
        if tailBytes >= 4 {
            let low = UInt32(littleEndian: start.loadUnaligned(as: UInt32.self))
            let high = UInt32(
                littleEndian: (start + tailBytes - 4).loadUnaligned(as: UInt32.self))
            return UInt64(low) | UInt64(high) << UInt64(8 * (tailBytes - 4))
        }
        let middle = tailBytes >> 1
        return UInt64(start.load(as: UInt8.self))
            | UInt64((start + middle).load(as: UInt8.self)) << UInt64(8 * middle)
            | UInt64((start + tailBytes - 1).load(as: UInt8.self)) << UInt64(8 * (tailBytes - 1))
    }
}
