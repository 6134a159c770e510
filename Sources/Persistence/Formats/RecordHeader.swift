internal import Crypto

/// What every record of the journal begins with: 80 bytes, integers little-endian.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 4 | magic: `TREC` |
/// | 4 | 2 | size of this header, 80 |
/// | 6 | 1 | kind, the writer's own |
/// | 7 | 1 | 0 |
/// | 8 | 4 | bytes of the payload |
/// | 12 | 4 | count of sequences, at least 1 |
/// | 16 | 8 | first sequence |
/// | 24 | 8 | timestamp, ms since 1970 |
/// | 32 | 8 | highest sequence that was durable before this record was written |
/// | 40 | 32 | chain digest: SHA-256 over the digest before, bytes 0–39, and the payload |
/// | 72 | 8 | checksum: first 8 bytes of SHA-256 over bytes 0–71 |
///
/// The payload follows, then zeros up to the next multiple of 8: records begin at multiples of 8.
///
/// The header has a checksum of its own so that a wrong length is never believed, and so that
/// what follows a bad record can be searched for good ones.
struct RecordHeader {
    static let size = 80
    static let alignment = 8
    /// `TREC`
    static let magic: UInt32 = 0x4345_5254
    /// What the chain digest takes in of the header.
    static let hashedBytes = 40
    private static let checksumOffset = 72

    var fields: RecordFields
    var payloadBytes: Int
    var durableBefore: UInt64
    var digest: ChainDigest

    static func padded(_ payloadBytes: Int) -> Int {
        (payloadBytes + alignment - 1) & ~(alignment - 1)
    }

    /// nil unless the bytes, at least `size` of them, are a whole header.
    init?(decoding bytes: UnsafeRawBufferPointer) {
        guard
            bytes.field(0) == Self.magic, bytes.field(4, as: UInt16.self) == UInt16(Self.size),
            Checksum.of(bytes.part(0, Self.checksumOffset)).0 == bytes.field(Self.checksumOffset)
        else { return nil }
        fields = RecordFields(
            kind: bytes[6], firstSequence: bytes.field(16), count: bytes.field(12),
            timestamp: bytes.field(24))
        payloadBytes = Int(bytes.field(8, as: UInt32.self))
        durableBefore = bytes.field(32)
        digest = ChainDigest(bytes.part(40, ChainDigest.size))
    }

    /// Writes the header of a record, and computes its digest.
    ///
    /// - Parameter bytes: `size` bytes.
    static func encode(
        _ fields: RecordFields, payload: [UnsafeRawBufferPointer], payloadBytes: Int,
        durableBefore: UInt64, after previous: ChainDigest,
        into bytes: UnsafeMutableRawBufferPointer
    ) -> ChainDigest {
        bytes.setField(0, magic)
        bytes.setField(4, UInt16(size))
        bytes.setField(6, fields.kind)
        bytes.setField(7, UInt8(0))
        bytes.setField(8, UInt32(payloadBytes))
        bytes.setField(12, fields.count)
        bytes.setField(16, fields.firstSequence)
        bytes.setField(24, fields.timestamp)
        bytes.setField(32, durableBefore)
        let header = UnsafeRawBufferPointer(bytes)
        var hash = previous.hash()
        hash.update(bufferPointer: header.part(0, hashedBytes))
        for part in payload {
            hash.update(bufferPointer: part)
        }
        let digest = ChainDigest(hash.finalize())
        digest.store(to: bytes, at: hashedBytes)
        bytes.setField(checksumOffset, Checksum.of(header.part(0, checksumOffset)).0)
        return digest
    }

    /// The digest that a record must carry after `previous`.
    static func digest(
        header: UnsafeRawBufferPointer, payload: UnsafeRawBufferPointer, after previous: ChainDigest
    ) -> ChainDigest {
        var hash = previous.hash()
        hash.update(bufferPointer: header.part(0, hashedBytes))
        hash.update(bufferPointer: payload)
        return ChainDigest(hash.finalize())
    }
}
