/// Made-up account identifiers of 36 characters that look like UUIDs. Account numbers become identifiers
/// by a bijection, so that two accounts never share one, and by the seed and the name of
/// the consultation, so that a run on a used server meets no deleted account of another.
package struct AccountNames: Sendable {
    /// Bytes of every identifier.
    package static let byteCount = 36

    private let key: UInt64

    package init(seed: UInt64, scope: String) {
        key = Mixing.key(seed: seed, name: scope)
    }

    /// A word that belongs to the account alone, for further choices by chance.
    @inline(__always)
    package func word(_ account: Int) -> UInt64 {
        Mixing.mix(UInt64(truncatingIfNeeded: account) ^ key)
    }

    /// Writes the identifier to the 36 bytes from `offset`, which the caller has made sure are there.
    @inline(__always)
    package func write(
        _ account: Int, to bytes: UnsafeMutableRawBufferPointer, at offset: Int
    ) {
        let first = word(account)
        let second = Mixing.mix(first ^ key)
        let a = Self.hex(UInt32(truncatingIfNeeded: first >> 32))
        let b = Self.hex(UInt32(truncatingIfNeeded: first))
        let c = Self.hex(UInt32(truncatingIfNeeded: second >> 32))
        let d = Self.hex(UInt32(truncatingIfNeeded: second))
        let dash = UInt8(ascii: "-")
        bytes.storeBytes(of: a.littleEndian, toByteOffset: offset, as: UInt64.self)
        bytes.storeBytes(of: dash, toByteOffset: offset + 8, as: UInt8.self)
        Self.writeHalves(b, to: bytes, at: offset + 9)
        bytes.storeBytes(of: dash, toByteOffset: offset + 18, as: UInt8.self)
        Self.writeHalves(c, to: bytes, at: offset + 19)
        bytes.storeBytes(of: d.littleEndian, toByteOffset: offset + 28, as: UInt64.self)
    }

    package func text(_ account: Int) -> String {
        String(unsafeUninitializedCapacity: Self.byteCount) { bytes in
            write(account, to: UnsafeMutableRawBufferPointer(bytes), at: 0)
            return Self.byteCount
        }
    }

    /// Four digits, a dash, four digits.
    @inline(__always)
    private static func writeHalves(
        _ digits: UInt64, to bytes: UnsafeMutableRawBufferPointer, at offset: Int
    ) {
        let left = UInt32(truncatingIfNeeded: digits)
        let right = UInt32(truncatingIfNeeded: digits >> 32)
        bytes.storeBytes(of: left.littleEndian, toByteOffset: offset, as: UInt32.self)
        bytes.storeBytes(of: UInt8(ascii: "-"), toByteOffset: offset + 4, as: UInt8.self)
        bytes.storeBytes(of: right.littleEndian, toByteOffset: offset + 5, as: UInt32.self)
    }

    /// Eight hexadecimal digits in one word, the first in its lowest byte: all digits at once, since
    /// this is done for every line of a load.
    @inline(__always)
    private static func hex(_ word: UInt32) -> UInt64 {
        var nibbles = UInt64(word.byteSwapped)
        nibbles = (nibbles | nibbles << 16) & 0x0000_ffff_0000_ffff
        nibbles = (nibbles | nibbles << 8) & 0x00ff_00ff_00ff_00ff
        nibbles = (nibbles >> 4 | nibbles << 8) & 0x0f0f_0f0f_0f0f_0f0f
        // 1 in every byte whose digit is a letter; letters stand 39 further than '9' + 1.
        let letters = (nibbles &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return nibbles &+ 0x3030_3030_3030_3030 &+ letters &* 39
    }
}
