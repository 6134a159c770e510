/// Reads a row of segments as one chain.
struct ChainReader {
    /// Where the chain ends.
    struct End {
        /// First sequence of the last segment.
        var segment: UInt64
        /// Behind the last valid record of it.
        var offset: Int64
        var lastSequence: UInt64
        /// Of the last record that was read.
        var lastTimestamp: Int64?
        var digest: ChainDigest
        var tornTail: TornTail?
        var records = 0
        /// Of all segments, headers included, zeros behind the records not.
        var bytes: Int64 = 0
    }

    let storage: any Storage
    let identity: FileIdentity
    let readBytes: Int

    /// - Parameters:
    ///   - segments: first sequences, ascending; at least one.
    ///   - position: called with every position that the chain passes, before what follows is
    ///     read, and with the digest there.
    ///   - record: called with every record, before `position` is with its end.
    /// - Throws: `StorageFault`, `Damage`, `DirectoryFault`, and what the closures throw.
    func read(
        _ segments: [UInt64],
        position: (UInt64, ChainDigest) throws -> Void,
        record: (RecordFields, UnsafeRawBufferPointer) throws -> Void
    ) throws -> End {
        var end: End?
        for first in segments {
            var reader = try SegmentReader(
                storage, firstSequence: first, expecting: identity, readBytes: readBytes)
            try check(reader, follows: end)
            if end == nil { try position(reader.lastSequence, reader.digest) }
            var next = end ?? Self.beginning(of: reader)
            next.segment = first
            try read(&reader, isLast: first == segments.last, into: &next, position, record)
            end = next
        }
        guard let end else { preconditionFailure("a chain of no segments is read") }
        return end
    }

    private func read(
        _ reader: inout SegmentReader, isLast: Bool, into end: inout End,
        _ position: (UInt64, ChainDigest) throws -> Void,
        _ record: (RecordFields, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        reading: while true {
            switch try reader.next() {
            case .record(let fields, let payload):
                try record(fields, payload)
                try position(reader.lastSequence, reader.digest)
                end.records += 1
                end.lastTimestamp = fields.timestamp
            case .end:
                break reading
            case .bad(let reason):
                end.tornTail = try tornTail(of: reader, isLast: isLast, reason: reason)
                break reading
            }
        }
        end.offset = reader.offset
        end.lastSequence = reader.lastSequence
        end.digest = reader.digest
        end.bytes += reader.offset
    }

    private static func beginning(of reader: SegmentReader) -> End {
        End(
            segment: reader.header.sequence, offset: reader.offset,
            lastSequence: reader.lastSequence, lastTimestamp: nil, digest: reader.digest)
    }

    private func check(_ reader: SegmentReader, follows end: End?) throws(Damage) {
        let name = reader.scanner.name
        let last = end?.lastSequence ?? 0
        let digest = end?.digest ?? ChainDigest(genesisOf: identity.fingerprint)
        // The first segment to be read may begin anywhere; only for sequence 1 it is known what
        // comes before.
        guard end != nil || reader.lastSequence == 0 else { return }
        guard reader.lastSequence == last else {
            let begin = "the segment begins at sequence \(reader.lastSequence + 1), but "
            throw Damage(
                file: name, offset: 0,
                reason: begin + "the one before ends at \(last)")
        }
        guard reader.digest == digest else {
            throw Damage(
                file: name, offset: 0,
                reason: "its header has another digest than the record before it")
        }
    }

    /// - Throws: `Damage` unless the bad record at the reader's offset may be a torn write.
    private func tornTail(of reader: SegmentReader, isLast: Bool, reason: String) throws
        -> TornTail
    {
        let name = reader.scanner.name
        guard isLast else {
            throw Damage(
                file: name, offset: reader.offset,
                reason: reason + ", and a later segment follows")
        }
        if let other = try reader.validHeaderBehindBadRecord() {
            throw Damage(
                file: name, offset: reader.offset,
                reason: other == reader.offset
                    ? reason : reason + ", and a valid record follows at byte \(other)")
        }
        guard try reader.badRecordMayBeTorn() else {
            throw Damage(
                file: name, offset: reader.offset,
                reason: reason + ", and no part of it is missing: it was written whole")
        }
        return TornTail(
            file: name, offset: reader.offset,
            bytes: try reader.scanner.endOfContent(from: reader.offset) - reader.offset,
            reason: reason, sequence: reader.lastSequence + 1)
    }
}
