/// Reads the records of one segment, and judges each by the rules in the header comment of
/// `SegmentedJournal`.
struct SegmentReader {
    enum Step {
        /// The payload is aligned to 8, and good until the next step.
        case record(RecordFields, payload: UnsafeRawBufferPointer)
        /// Only zeros follow.
        case end
        /// What stands at `offset` is no valid record.
        case bad(reason: String)
    }

    /// Bytes that a disk writes wholly or not at all; some have more, a multiple of these.
    private static let sectorBytes = 512

    let header: FileHeader
    /// Where the next record begins.
    private(set) var offset = Int64(FileHeader.size)
    private(set) var lastSequence: UInt64
    private(set) var digest: ChainDigest
    let scanner: FileScanner

    /// - Throws: `StorageFault`, `Damage` or `DirectoryFault`.
    init(
        _ storage: any Storage, firstSequence: UInt64, expecting identity: FileIdentity,
        readBytes: Int
    ) throws {
        let name = FileName.segment(firstSequence)
        scanner = try FileScanner(storage, name, readBytes: readBytes)
        guard let bytes = try scanner.bytes(at: 0, FileHeader.size) else {
            throw Damage(file: name, offset: scanner.size, reason: "the file ends in its header")
        }
        header = try FileHeader(
            decoding: bytes, kind: .segment, file: name, expecting: identity)
        guard header.sequence == firstSequence else {
            throw Damage(
                file: name, offset: 0,
                reason: "its header says that it begins at sequence \(header.sequence)")
        }
        lastSequence = firstSequence - 1
        digest = header.chainDigest
    }

    mutating func next() throws(StorageFault) -> Step {
        guard let start = try scanner.bytes(at: offset, RecordHeader.size) else {
            let rest = try scanner.bytes(at: offset, Int(scanner.size - offset))
            return rest?.isZero == true ? .end : .bad(reason: "there is no whole record header")
        }
        guard let header = RecordHeader(decoding: start) else {
            if start.isZero, try scanner.endOfContent(from: offset) == offset { return .end }
            return .bad(reason: "there is no valid record header")
        }
        if let reason = contradiction(in: header) { return .bad(reason: reason) }
        let padded = RecordHeader.padded(header.payloadBytes)
        guard let record = try scanner.bytes(at: offset, RecordHeader.size + padded) else {
            return .bad(reason: "the record is longer than the file")
        }
        let payload = record.part(RecordHeader.size, header.payloadBytes)
        guard
            RecordHeader.digest(header: record, payload: payload, after: digest) == header.digest
        else {
            return .bad(reason: "the record's digest is wrong")
        }
        let padding = record.part(
            RecordHeader.size + header.payloadBytes, padded - header.payloadBytes)
        guard padding.isZero else {
            return .bad(reason: "the record's padding is not zero")
        }
        offset += Int64(RecordHeader.size + padded)
        lastSequence = header.fields.lastSequence
        digest = header.digest
        return .record(header.fields, payload: payload)
    }

    /// Whether the bad record at `offset` may be a write that was never finished.
    ///
    /// A disk writes a sector or does not, and a write that is cut short leaves zeros behind the cut:
    /// before it, there was nothing but zeros here. If no sector is missing and nothing is cut
    /// off, the whole record was written once, and has changed since.
    func badRecordMayBeTorn() throws(StorageFault) -> Bool {
        guard let start = try scanner.bytes(at: offset, RecordHeader.size) else { return true }
        if let header = RecordHeader(decoding: start) {
            let bytes = RecordHeader.size + header.payloadBytes
            guard let record = try scanner.bytes(at: offset, bytes) else { return true }
            return record[bytes - 1] == 0 || sectors(of: record).contains { $0.isZero }
        }
        let isHeaderOfNext =
            start.field(0) == RecordHeader.magic || start.field(16) == lastSequence + 1
        guard isHeaderOfNext else { return true }
        // How long it is, is not known; but what follows its header in the same sector was
        // written with it.
        let inLastSector = Int(offset + Int64(RecordHeader.size)) % Self.sectorBytes
        let behind = (Self.sectorBytes - inLastSector) % Self.sectorBytes
        guard let more = try scanner.bytes(at: offset, RecordHeader.size + behind) else {
            return true
        }
        let isAnySectorMissing = sectors(of: more.part(0, RecordHeader.size)).contains { $0.isZero }
        return isAnySectorMissing || more.part(RecordHeader.size, behind).isZero
    }

    /// The parts of what stands at `offset` that a disk writes as a whole.
    private func sectors(of bytes: UnsafeRawBufferPointer) -> [UnsafeRawBufferPointer] {
        var parts: [UnsafeRawBufferPointer] = []
        var begin = 0
        while begin < bytes.count {
            let inSector = Int(offset + Int64(begin)) % Self.sectorBytes
            let count = min(Self.sectorBytes - inSector, bytes.count - begin)
            parts.append(bytes.part(begin, count))
            begin += count
        }
        return parts
    }

    private func contradiction(in header: RecordHeader) -> String? {
        let fields = header.fields
        if fields.firstSequence != lastSequence + 1 {
            return "the record begins at sequence \(fields.firstSequence), not"
                + " \(lastSequence + 1)"
        }
        if fields.count == 0 || fields.firstSequence > UInt64.max - UInt64(fields.count) {
            return "the record's count is impossible"
        }
        if header.durableBefore > lastSequence {
            return "sequence \(header.durableBefore) was durable before the record, but only"
                + " \(lastSequence) comes before it"
        }
        return nil
    }

    /// Where the first valid record header stands behind a bad record at `offset`; nil if there
    /// is none.
    ///
    /// If the bad record's own header is whole, its length is believed, and the search begins
    /// behind it: a payload may well contain what looks like a header.
    func validHeaderBehindBadRecord() throws(StorageFault) -> Int64? {
        var position = offset + Int64(RecordHeader.alignment)
        if let start = try scanner.bytes(at: offset, RecordHeader.size),
            let header = RecordHeader(decoding: start)
        {
            if contradiction(in: header) != nil { return offset }
            let padded = RecordHeader.padded(header.payloadBytes)
            position = offset + Int64(RecordHeader.size + padded)
        }
        while true {
            let run = try scanner.run(at: position)
            guard run.count >= RecordHeader.size else { return nil }
            let last = run.count - RecordHeader.size
            for candidate in stride(from: 0, through: last, by: RecordHeader.alignment)
            where run.field(candidate) == RecordHeader.magic {
                if RecordHeader(decoding: run.part(candidate, RecordHeader.size)) != nil {
                    return position + Int64(candidate)
                }
            }
            position += Int64(last / RecordHeader.alignment * RecordHeader.alignment)
            position += Int64(RecordHeader.alignment)
        }
    }
}
