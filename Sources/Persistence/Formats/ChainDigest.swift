internal import Crypto

/// The SHA-256 digest that a record or a chunk ends with: over the digest before it and its own
/// bytes, so that it stands for everything up to there.
public struct ChainDigest: Hashable, Sendable, BitwiseCopyable {
    static let size = 32

    private let words: (UInt64, UInt64, UInt64, UInt64)

    init(_ digest: SHA256.Digest) {
        self = digest.withUnsafeBytes { ChainDigest($0) }
    }

    /// From the first 32 bytes of `bytes`.
    init(_ bytes: UnsafeRawBufferPointer) {
        words = (bytes.field(0), bytes.field(8), bytes.field(16), bytes.field(24))
    }

    /// What a journal's chain begins with: its own for every data directory.
    init(genesisOf fingerprint: KeyFingerprint) {
        var hash = SHA256()
        hash.update(data: Array("tally journal chain".utf8))
        hash.update(data: fingerprint.bytes)
        self.init(hash.finalize())
    }

    func store(to bytes: UnsafeMutableRawBufferPointer, at offset: Int) {
        bytes.setField(offset, words.0)
        bytes.setField(offset + 8, words.1)
        bytes.setField(offset + 16, words.2)
        bytes.setField(offset + 24, words.3)
    }

    /// A hash that has taken in this digest.
    func hash() -> SHA256 {
        var hash = SHA256()
        withUnsafeTemporaryAllocation(byteCount: Self.size, alignment: 8) { bytes in
            store(to: bytes, at: 0)
            hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
        }
        return hash
    }

    public static func == (left: ChainDigest, right: ChainDigest) -> Bool {
        left.words == right.words
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
    }
}

extension ChainDigest: CustomStringConvertible {
    /// 64 hexadecimal digits, in the order of the bytes.
    public var description: String {
        [words.0, words.1, words.2, words.3].map { HexDigits.of($0.bigEndian, count: 16) }.joined()
    }
}
