import Glibc

/// What the lock of `SegmentedJournal` guards: the end of the journal, and how to go on from it.
struct JournalWriter: Sendable {
    private let directory: DataDirectory
    private let zeros: [UInt8]
    private var stock: SegmentStock
    /// nil while there is no record at all.
    private var segment: OpenSegment?
    private(set) var lastSequence: UInt64
    private(set) var chainDigest: ChainDigest
    /// Set once, for ever.
    private var refusal: StorageFault?

    init(
        directory: DataDirectory, stock: SegmentStock, segment: OpenSegment?, lastSequence: UInt64,
        chainDigest: ChainDigest
    ) {
        self.directory = directory
        self.stock = stock
        self.segment = segment
        self.lastSequence = lastSequence
        self.chainDigest = chainDigest
        zeros = [UInt8](
            repeating: 0, count: max(RecordHeader.alignment, directory.limits.zeroAheadBytes))
    }

    mutating func append(
        _ record: RecordFields, payload: [UnsafeRawBufferPointer], mayUseReserve: Bool
    ) throws(StorageFault) {
        let payloadBytes = payload.reduce(0) { $0 + $1.count }
        precondition(record.count > 0, "a record without a sequence")
        precondition(
            record.firstSequence == lastSequence + 1, "a record does not follow the one before")
        precondition(
            payloadBytes <= directory.limits.maximumRecordBytes, "a record is too large")
        if let refusal { throw refusal }
        let bytes = RecordHeader.size + RecordHeader.padded(payloadBytes)
        var target: OpenSegment
        if let segment, segment.hasRoom(for: bytes, mayUseReserve: mayUseReserve) {
            target = segment
        } else {
            target = try startSegment(roomFor: bytes, mayUseReserve: mayUseReserve)
        }
        do {
            chainDigest = try write(record, payload, payloadBytes, to: &target)
        } catch {
            throw refuse(because: error, .write, target.name)
        }
        lastSequence = record.lastSequence
        segment = target
    }

    mutating func markDurable() throws(StorageFault) {
        if let refusal { throw refusal }
        do {
            try directory.mark.advance(to: lastSequence)
        } catch {
            // No record is lost by a mark that lags behind, and it can be written again.
            if case .full = error { throw error }
            throw refuse(because: error, .write, FileName.durableMark)
        }
    }

    mutating func roll() throws(StorageFault) {
        if let refusal { throw refusal }
        if let segment, segment.hasRecords {
            _ = try startSegment(roomFor: 0, mayUseReserve: false)
        }
    }

    mutating func close() throws(StorageFault) {
        if refusal == nil {
            try markDurable()
            refusal = .closed
            segment = nil
        }
    }

    /// One write, one sync.
    private func write(
        _ record: RecordFields, _ payload: [UnsafeRawBufferPointer], _ payloadBytes: Int,
        to segment: inout OpenSegment
    ) throws(StorageFault) -> ChainDigest {
        let end =
            segment.end + Int64(RecordHeader.size) + Int64(RecordHeader.padded(payloadBytes))
        let padding = RecordHeader.padded(payloadBytes) - payloadBytes
        let ahead = zerosAhead(from: end, in: segment)
        var result: Result<ChainDigest, StorageFault>?
        withUnsafeTemporaryAllocation(byteCount: RecordHeader.size, alignment: 8) { header in
            zeros.withUnsafeBytes { zeros in
                let digest = RecordHeader.encode(
                    record, payload: payload, payloadBytes: payloadBytes,
                    durableBefore: lastSequence, after: chainDigest, into: header)
                var buffers = [UnsafeRawBufferPointer(header)]
                buffers.reserveCapacity(payload.count + 3)
                buffers += payload
                if padding > 0 { buffers.append(zeros.part(0, padding)) }
                if ahead > 0 { buffers.append(zeros.part(0, ahead)) }
                result = Result { () throws(StorageFault) in
                    try segment.file.write(buffers, at: segment.end)
                    try segment.file.sync()
                    return digest
                }
            }
        }
        segment.end = end
        segment.writtenUntil = max(segment.writtenUntil, end + Int64(ahead))
        return try result!.get()
    }

    /// Bytes of zeros to write behind a record that ends at `end`: none while there are some left,
    /// and none behind large records, whose own bytes outweigh what zeros would save.
    private func zerosAhead(from end: Int64, in segment: OpenSegment) -> Int {
        let ahead = directory.limits.zeroAheadBytes
        guard end > segment.writtenUntil, end - segment.end <= Int64(ahead / 4) else { return 0 }
        return Int(min(Int64(ahead), segment.capacity - end))
    }

    /// Steps 1 to 5 of the header comment of `SegmentedJournal`.
    private mutating func startSegment(roomFor bytes: Int, mayUseReserve: Bool)
        throws(StorageFault) -> OpenSegment
    {
        let source: String
        do {
            source = try stock.take(roomFor: bytes, mayUseReserve: mayUseReserve)
            try fill(source)
        } catch {
            if case .full = error { throw error }
            throw refuse(because: error, .create, FileName.spare)
        }
        let name = FileName.segment(lastSequence + 1)
        do {
            try directory.storage.rename(source, to: name)
            try directory.storage.syncDirectory()
            try directory.mark.advance(to: lastSequence)
            // Anew, under the name that faults are to give.
            let file = try directory.storage.open(name, for: .update)
            let started = OpenSegment(
                name: name, file: file, capacity: try file.size(), end: Int64(FileHeader.size),
                writtenUntil: Int64(FileHeader.size), isReserve: source == FileName.reserve)
            segment = started
            try stock.replenishIfPossible()
            return started
        } catch {
            throw refuse(because: error, .rename, name)
        }
    }

    /// Writes the header of the next segment into a file of the stock.
    private func fill(_ source: String) throws(StorageFault) {
        let header = FileHeader(
            kind: .segment, identity: directory.identity, sequence: lastSequence + 1,
            timestamp: 0, chainDigest: chainDigest)
        do {
            let file = try directory.storage.open(source, for: .update)
            try file.write(header.encoded, at: 0)
            try file.sync()
        } catch {
            // Nothing that anybody was told of is in it, and it is out of the stock.
            try? directory.storage.remove(source)
            throw error
        }
    }

    /// A full disk is no excuse where the room had been taken before: how much was written is
    /// then unknown.
    private mutating func refuse(
        because fault: StorageFault, _ operation: StorageOperation, _ file: String
    ) -> StorageFault {
        var final = fault
        if case .full = fault {
            final = .failed(operation: operation, file: file, code: ENOSPC)
        }
        refusal = final
        return final
    }
}
