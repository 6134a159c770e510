/// SipHash-2-4 with 128 bits of output: the keyed hash that stands for an account's identifier
/// everywhere behind the gateway.
///
/// After J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast short-input PRF" (2012), and the
/// 128-bit variant of their reference implementation. Without the key, nobody can tell which
/// identifier a hash belongs to, nor make two identifiers fall together.
public struct SipHash128: Sendable {
    /// Bytes of a key.
    public static let keySize = 16

    private let key: (UInt64, UInt64)

    /// - Parameter key: bytes 0 to 7 and 8 to 15 of the key, each read as little-endian.
    public init(key: (UInt64, UInt64)) {
        self.key = key
    }

    /// - Parameter keyBytes: exactly 16 bytes.
    public init(keyBytes: [UInt8]) {
        precondition(keyBytes.count == Self.keySize, "a SipHash key has 16 bytes")
        key = keyBytes.withUnsafeBytes { bytes in
            let words = ByteWords(bytes)
            return (words.word(at: 0), words.word(at: 8))
        }
    }

    /// The hash of these bytes; they are not kept.
    public func key(of bytes: UnsafeRawBufferPointer) -> AccountKey {
        var state = State(key: key)
        let words = ByteWords(bytes)
        var offset = 0
        while offset < words.wholeBytes {
            state.absorb(words.word(at: offset))
            offset += 8
        }
        state.absorb(words.tail | UInt64(truncatingIfNeeded: bytes.count) << 56)
        return state.finish()
    }

    public func key(of bytes: [UInt8]) -> AccountKey {
        bytes.withUnsafeBytes { key(of: $0) }
    }

    private struct State {
        var v0: UInt64
        var v1: UInt64
        var v2: UInt64
        var v3: UInt64

        @inline(__always)
        init(key: (UInt64, UInt64)) {
            v0 = key.0 ^ 0x736f_6d65_7073_6575
            // 0xee marks the 128-bit variant, here and in `finish`.
            v1 = key.1 ^ 0x646f_7261_6e64_6f6d ^ 0xee
            v2 = key.0 ^ 0x6c79_6765_6e65_7261
            v3 = key.1 ^ 0x7465_6462_7974_6573
        }

        @inline(__always)
        mutating func absorb(_ word: UInt64) {
            v3 ^= word
            round()
            round()
            v0 ^= word
        }

        @inline(__always)
        mutating func finish() -> AccountKey {
            v2 ^= 0xee
            for _ in 0..<4 { round() }
            let low = v0 ^ v1 ^ v2 ^ v3
            v1 ^= 0xdd
            for _ in 0..<4 { round() }
            return AccountKey(low: low, high: v0 ^ v1 ^ v2 ^ v3)
        }

        @inline(__always)
        private mutating func round() {
            v0 &+= v1
            v2 &+= v3
            v1 = rotated(v1, 13) ^ v0
            v3 = rotated(v3, 16) ^ v2
            v0 = rotated(v0, 32)
            v2 &+= v1
            v0 &+= v3
            v1 = rotated(v1, 17) ^ v2
            v3 = rotated(v3, 21) ^ v0
            v2 = rotated(v2, 32)
        }

        @inline(__always)
        private func rotated(_ value: UInt64, _ bits: UInt64) -> UInt64 {
            value << bits | value >> (64 - bits)
        }
    }
}
