/// The copying of one backup, from files that a server may be writing to an empty directory.
///
/// **Why nothing acknowledged before is missing.** The files are opened after the backup began, all
/// that were there at one instant. A command that was acknowledged before is in a whole record in one
/// of them, and what is read of a file later is never less. Only the last segment may still
/// be written to; its copy ends behind the last record that is whole when it is read.
///
/// **Order of writes and syncs**: each file is written and synced; everything is read again and
/// checked as a start would; the durable mark is written for what was found; the key comes last,
/// because nothing opens a directory without it.
struct BackupCopy {
    let source: PinnedFiles
    let target: any Storage
    let identity: FileIdentity
    let limits: PersistenceLimits

    /// - Parameters:
    ///   - mark: what the source's durable mark said before its files were opened.
    func run(key: DirectoryKey, mark: DurableMark.Reading) throws -> BackupReport {
        let content = DirectoryContent(source.list())
        for sequence in content.snapshots {
            try copy(FileName.snapshot(sequence), upTo: nil)
        }
        for segment in content.segments {
            let end = try endOfRecords(of: segment, isLast: segment == content.segments.last)
            try copy(FileName.segment(segment), upTo: end)
        }
        let configuration = source.list().map(\.name).filter(FileName.configuration.contains)
        for name in configuration {
            try copy(name, upTo: nil)
        }
        try target.syncDirectory()
        let walk = VerificationWalk(
            storage: target, identity: identity, readBytes: limits.readBytes,
            content: DirectoryContent(try target.list()), target: NoTarget())
        let found = try walk.run(mark: mark)
        _ = try DurableMark.create(in: target, identity: identity, sequence: found.lastSequence)
        try KeyFile.write(key, to: target)
        return BackupReport(
            lastSequence: max(found.lastSequence, found.snapshots.last?.sequence ?? 0),
            snapshots: found.snapshots, snapshotBytes: found.snapshotBytes,
            segments: found.segments, records: found.records, journalBytes: found.journalBytes,
            configuration: configuration)
    }

    /// Bytes of the segment's header and whole records.
    private func endOfRecords(of segment: UInt64, isLast: Bool) throws -> Int64 {
        let chain = ChainReader(
            storage: source, identity: identity, readBytes: limits.readBytes)
        let read = { try chain.read([segment], position: { _, _ in }, record: { _, _ in }) }
        guard isLast else {
            let end = try read()
            if let tail = end.tornTail {
                throw Damage(tail, behind: "a later segment")
            }
            return end.offset
        }
        return try SteadyLook.at(isComplete: { $0.tornTail == nil }, read).offset
    }

    /// - Parameter end: bytes; nil for the whole file.
    private func copy(_ name: String, upTo end: Int64?) throws(StorageFault) {
        let scanner = try FileScanner(source, name, readBytes: limits.readBytes)
        let file = try target.open(name, for: .create)
        try scanner.copy(
            0..<(end ?? scanner.size), to: file, syncingEvery: limits.snapshotSyncBytes)
        try file.sync()
    }
}

/// Wants to know nothing of what is read: that all digests are right is enough.
private final class NoTarget: ReplayTarget {
    func begin(_ snapshot: SnapshotHeader?) {}
    func chunk(kind: UInt8, _ content: UnsafeRawBufferPointer) {}
    func endSnapshot() {}
    func record(_ fields: RecordFields, payload: UnsafeRawBufferPointer) {}
}
