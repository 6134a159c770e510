/// Makes durable what recovery read, so that nothing is ever served from the page cache alone:
/// after a failed sync, a kernel may show pages that the disk does not have.
///
/// **Order of writes and syncs:**
/// 1. temporary files and the spare are removed, which makes room for what follows;
/// 2. a torn tail is copied to `torn-<sequence>.tail`, `fdatasync`;
/// 3. header and valid records of the last segment are copied to `journal-….seg.tmp`, which is
///    preallocated, `fdatasync`;
///    (without room for that, and without a torn tail, the same bytes are written over themselves
///    instead: whatever becomes of that, no byte can be another one afterwards);
/// 4. it is renamed over the segment; damaged snapshots are renamed; `fsync` of the directory;
/// 5. spare and reserve are preallocated, if there is room;
/// 6. the durable mark moves to the last sequence, `fdatasync`.
///
/// The segments before the last one need none of this: the journal begins a segment only after
/// the sync of the last record before it, and after a fault of a sync it begins none.
struct Settlement {
    let directory: DataDirectory
    let content: DirectoryContent
    /// nil if there is no segment.
    let end: ChainReader.End?

    private var storage: any Storage { directory.storage }

    init(directory: DataDirectory, content: DirectoryContent, end: ChainReader.End?) {
        self.directory = directory
        self.content = content
        self.end = end
    }

    /// - Parameter damaged: snapshots to put aside.
    func run(keeping damaged: [String]) throws(StorageFault) -> SegmentedJournal {
        for name in content.temporary {
            try storage.remove(name)
        }
        if content.hasSpare {
            try storage.remove(FileName.spare)
        }
        var segment: OpenSegment?
        if let end {
            if let tail = end.tornTail {
                try keep(tail)
            }
            segment = try settleSegment(end)
        }
        for name in damaged {
            if let sequence = FileName.snapshotSequence(of: name) {
                try storage.rename(name, to: FileName.badSnapshot(sequence))
            }
        }
        try storage.syncDirectory()
        var stock = SegmentStock(
            storage: storage, limits: directory.limits, hasSpare: false,
            hasReserve: content.reserveBytes == Int64(directory.limits.reserveBytes))
        try stock.replenishIfPossible()
        let lastSequence = end?.lastSequence ?? 0
        try directory.mark.advance(to: lastSequence)
        return SegmentedJournal(
            JournalWriter(
                directory: directory, stock: stock, segment: segment, lastSequence: lastSequence,
                chainDigest: end?.digest ?? ChainDigest(genesisOf: directory.fingerprint)))
    }

    private func keep(_ tail: TornTail) throws(StorageFault) {
        let source = try FileScanner(storage, tail.file, readBytes: directory.limits.readBytes)
        let copy = try storage.open(FileName.tornTail(tail.sequence), for: .create)
        try source.copy(tail.offset..<tail.offset + tail.bytes, to: copy)
        try copy.sync()
    }

    private func settleSegment(_ end: ChainReader.End) throws(StorageFault) -> OpenSegment {
        let name = FileName.segment(end.segment)
        let source = try FileScanner(storage, name, readBytes: directory.limits.readBytes)
        let capacity = max(Int64(directory.limits.segmentBytes), end.offset)
        do {
            let file = try copySegment(source, upTo: end.offset, capacity: capacity)
            return OpenSegment(
                name: name, file: file, capacity: capacity, end: end.offset,
                writtenUntil: end.offset, isReserve: false)
        } catch {
            guard case .full = error, end.tornTail == nil else { throw error }
        }
        let file = try storage.open(name, for: .update)
        try source.copy(0..<end.offset, to: file)
        try file.sync()
        return OpenSegment(
            name: name, file: file, capacity: source.size, end: end.offset,
            writtenUntil: end.offset, isReserve: source.size < capacity)
    }

    private func copySegment(_ source: FileScanner, upTo end: Int64, capacity: Int64)
        throws(StorageFault) -> any StorageFile
    {
        let temporary = source.name + FileName.temporarySuffix
        let file = try storage.open(temporary, for: .create)
        do {
            try file.preallocate(capacity)
            try source.copy(0..<end, to: file)
            try file.sync()
            try storage.rename(temporary, to: source.name)
            // Anew, under the name that faults are to give.
            return try storage.open(source.name, for: .update)
        } catch {
            // The fault that is thrown is the first one.
            try? storage.remove(temporary)
            throw error
        }
    }
}
