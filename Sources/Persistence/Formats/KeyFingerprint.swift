internal import Crypto

/// Names a key without giving it away: the first 16 bytes of SHA-256 over a domain and the key.
public struct KeyFingerprint: Equatable, Sendable, BitwiseCopyable {
    let low: UInt64
    let high: UInt64

    init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    init(of key: DirectoryKey) {
        var hash = SHA256()
        hash.update(data: Array("tally key fingerprint".utf8))
        hash.update(data: key.bytes)
        (low, high) = hash.finalize().withUnsafeBytes { ($0.field(0), $0.field(8)) }
    }

    var bytes: [UInt8] {
        withUnsafeBytes(of: (low.littleEndian, high.littleEndian)) { Array($0) }
    }
}

extension KeyFingerprint: CustomStringConvertible {
    /// 32 hexadecimal digits, in the order of the bytes.
    public var description: String {
        HexDigits.of(low.bigEndian, count: 16) + HexDigits.of(high.bigEndian, count: 16)
    }
}
