/// What every segment and every snapshot begins with: 96 bytes, integers little-endian.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 8 | magic: `TALLYJNL` (segment) or `TALLYSNP` (snapshot) |
/// | 8 | 4 | format version, 1 |
/// | 12 | 4 | rules version: what the content was, or is to be, folded with |
/// | 16 | 16 | fingerprint of the key |
/// | 32 | 8 | segment: first sequence; snapshot: the sequence whose state it holds |
/// | 40 | 8 | snapshot: timestamp of that position in ms since 1970; segment: 0 |
/// | 48 | 32 | segment: chain digest before the first sequence; snapshot: at its sequence |
/// | 80 | 16 | checksum: first 16 bytes of SHA-256 over bytes 0–79 |
///
/// Magic, format version and checksum keep their places in every later format, so that a header
/// is first found whole, and only then known or unknown.
struct FileHeader: Equatable, Sendable {
    enum Kind: UInt64, Sendable {
        /// `TALLYJNL`
        case segment = 0x4C4E_4A59_4C4C_4154
        /// `TALLYSNP`
        case snapshot = 0x504E_5359_4C4C_4154
    }

    static let size = 96
    static let formatVersion: UInt32 = 1
    private static let checksumOffset = 80

    var kind: Kind
    var identity: FileIdentity
    var sequence: UInt64
    var timestamp: Int64
    var chainDigest: ChainDigest

    var encoded: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Self.size)
        bytes.withUnsafeMutableBytes { buffer in
            buffer.setField(0, kind.rawValue)
            buffer.setField(8, Self.formatVersion)
            buffer.setField(12, identity.rulesVersion)
            buffer.setField(16, identity.fingerprint.low)
            buffer.setField(24, identity.fingerprint.high)
            buffer.setField(32, sequence)
            buffer.setField(40, timestamp)
            chainDigest.store(to: buffer, at: 48)
            Checksum.seal(buffer, at: Self.checksumOffset)
        }
        return bytes
    }

    /// - Parameters:
    ///   - bytes: at least `size` of them.
    ///   - file: for the error.
    ///   - identity: what the file must carry.
    /// - Throws: `Damage`, or a `DirectoryFault` for a header that is whole but not ours.
    init(
        decoding bytes: UnsafeRawBufferPointer, kind: Kind, file: String,
        expecting identity: FileIdentity
    ) throws {
        guard bytes.field(0) == kind.rawValue else {
            throw Damage(file: file, offset: 0, reason: "the file does not begin with its magic")
        }
        guard Checksum.isSealed(bytes, at: Self.checksumOffset) else {
            throw Damage(
                file: file, offset: 0, reason: "the checksum of the file's header is wrong")
        }
        let version: UInt32 = bytes.field(8)
        guard version == Self.formatVersion else {
            throw DirectoryFault.unknownFormat(
                file: file, version: version, known: Self.formatVersion)
        }
        self.kind = kind
        self.identity = FileIdentity(
            rulesVersion: bytes.field(12),
            fingerprint: KeyFingerprint(low: bytes.field(16), high: bytes.field(24)))
        sequence = bytes.field(32)
        timestamp = bytes.field(40)
        chainDigest = ChainDigest(bytes.part(48, ChainDigest.size))
        try identity.check(self.identity, of: file)
    }

    init(
        kind: Kind, identity: FileIdentity, sequence: UInt64, timestamp: Int64,
        chainDigest: ChainDigest
    ) {
        self.kind = kind
        self.identity = identity
        self.sequence = sequence
        self.timestamp = timestamp
        self.chainDigest = chainDigest
    }
}
