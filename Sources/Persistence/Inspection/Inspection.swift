/// Looks into a data directory, which a server may be using: takes no lock and changes nothing.
public struct Inspection {
    private let storage: any Storage
    private let files: PinnedFiles
    private let content: DirectoryContent
    private let identity: FileIdentity
    private let mark: DurableMark.Reading
    private let readBytes: Int

    /// Opens what there is.
    ///
    /// - Throws: `DirectoryFault` (`noData` if it is no data directory), `StorageFault`, `BackupFault`
    ///   (`restless`), `Damage` of the key or the mark.
    public init(
        _ storage: any Storage, rulesVersion: UInt32, limits: PersistenceLimits = .init()
    ) throws {
        self.storage = storage
        readBytes = limits.readBytes
        (_, identity, mark) = try SteadyLook.at {
            try Verification.identify(storage, rulesVersion: rulesVersion)
        }
        files = try PinnedFiles(storage) { entries in
            let content = DirectoryContent(entries)
            return content.snapshots.map(FileName.snapshot)
                + content.segments.map(FileName.segment)
        }
        content = DirectoryContent(files.list())
    }

    /// Blocks: reads every segment and every snapshot. What is damaged is said of its file, and the
    /// others are read all the same.
    ///
    /// - Throws: `DirectoryFault`, `StorageFault`.
    public func report() throws -> InspectionReport {
        InspectionReport(
            fingerprint: identity.fingerprint, rulesVersion: identity.rulesVersion,
            durableMark: mark.sequence,
            snapshots: try content.snapshots.map(snapshot),
            segments: try content.segments.map { first in
                let isLast = first == content.segments.last
                return try SteadyLook.at(isComplete: { !isLast || $0.note == nil }) {
                    try segment(first, isLast: isLast)
                }
            },
            others: try storage.list().filter { !isRecords($0.name) }
                .sorted { $0.name < $1.name })
    }

    private func isRecords(_ name: String) -> Bool {
        FileName.snapshotSequence(of: name) != nil || FileName.segmentSequence(of: name) != nil
    }

    private func snapshot(_ sequence: UInt64) throws -> InspectionReport.Snapshot {
        let name = FileName.snapshot(sequence)
        let size = try files.open(name, for: .read).size()
        do {
            let reader = try SnapshotReader(
                files, sequence: sequence, expecting: identity, readBytes: readBytes)
            let damage = try reader.read { _, _ in }
            return InspectionReport.Snapshot(
                sequence: sequence, timestamp: reader.header.timestamp, bytes: size, damage: damage)
        } catch let damage as Damage {
            return InspectionReport.Snapshot(
                sequence: sequence, timestamp: nil, bytes: size, damage: damage)
        }
    }

    private func segment(_ first: UInt64, isLast: Bool) throws -> InspectionReport.Segment {
        let name = FileName.segment(first)
        var segment = InspectionReport.Segment(
            firstSequence: first, lastSequence: first - 1, lastTimestamp: nil, records: 0,
            usedBytes: 0, bytes: try files.open(name, for: .read).size(), note: nil)
        do {
            let end = try ChainReader(storage: files, identity: identity, readBytes: readBytes)
                .read([first], position: { _, _ in }, record: { _, _ in })
            segment.lastSequence = end.lastSequence
            segment.lastTimestamp = end.lastTimestamp
            segment.records = end.records
            segment.usedBytes = end.bytes
            if let tail = end.tornTail {
                segment.note =
                    isLast ? .unfinished(tail) : .damaged(Damage(tail, behind: "a later segment"))
            }
        } catch let damage as Damage {
            segment.note = .damaged(damage)
        }
        return segment
    }

    /// The record that has a sequence.
    ///
    /// - Throws: `NoRecord`, `Damage`, `DirectoryFault`, `StorageFault`.
    public func record(_ sequence: UInt64) throws -> InspectedRecord {
        guard sequence > 0, let first = content.segments.last(where: { $0 <= sequence }) else {
            throw NoRecord.tooEarly(
                sequence, first: content.segments.first, snapshot: content.snapshots.last)
        }
        var reader = try SegmentReader(
            files, firstSequence: first, expecting: identity, readBytes: readBytes)
        while true {
            let offset = reader.offset
            switch try reader.next() {
            case .record(let fields, let payload):
                guard fields.lastSequence >= sequence else { continue }
                return InspectedRecord(
                    fields: fields, payload: Array(payload), file: reader.scanner.name,
                    offset: offset, bytes: Int(reader.offset - offset), digest: reader.digest)
            case .end:
                throw NoRecord.tooLate(sequence, last: reader.lastSequence)
            case .bad(let reason):
                guard first == content.segments.last, try reader.badRecordMayBeTorn() else {
                    throw Damage(file: reader.scanner.name, offset: offset, reason: reason)
                }
                throw NoRecord.tooLate(sequence, last: reader.lastSequence)
            }
        }
    }

    /// Hands over everything that leads to a record: the newest snapshot before it, if any, and the
    /// records in between.
    ///
    /// - Returns: false if the files do not reach back far enough; then nothing was handed over.
    public func lead(to record: InspectedRecord, into target: some ReplayTarget) throws -> Bool {
        let position = record.fields.firstSequence
        let base = content.snapshots.last { $0 < position }
        guard let segments = RecoveryPlan.segments(after: base ?? 0, of: content.segments) else {
            return false
        }
        if let base {
            let reader = try SnapshotReader(
                files, sequence: base, expecting: identity, readBytes: readBytes)
            try target.begin(reader.header)
            if let damage = try reader.read(target.chunk) { throw damage }
            try target.endSnapshot()
        } else {
            try target.begin(nil)
        }
        do {
            _ = try ChainReader(storage: files, identity: identity, readBytes: readBytes).read(
                segments.filter { $0 <= position }, position: { _, _ in },
                record: { fields, payload in
                    if fields.firstSequence >= position { throw ThatIsAll() }
                    if fields.firstSequence > base ?? 0 {
                        try target.record(fields, payload: payload)
                    }
                })
        } catch is ThatIsAll {}
        return true
    }

    private struct ThatIsAll: Error {}
}

extension Damage {
    /// A tail that cannot be a torn one, because something follows.
    init(_ tail: TornTail, behind what: String) {
        self.init(
            file: tail.file, offset: tail.offset, reason: "\(tail.reason), and \(what) follows")
    }
}
