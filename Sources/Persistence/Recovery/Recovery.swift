/// Builds the state again: the newest good snapshot, then the journal after it.
///
/// Nothing in the directory changes before all of it was read and found right.
public enum Recovery {
    /// Blocks. Makes durable what it read before it returns (see `Settlement`).
    ///
    /// - Throws: `Damage`, `DirectoryFault`, `StorageFault`, and what `target` throws.
    public static func run(
        _ directory: DataDirectory, into target: some ReplayTarget,
        progress: RecoveryProgress = RecoveryProgress()
    ) throws -> Recovered {
        let storage = directory.storage
        let entries = try storage.list()
        let content = DirectoryContent(entries)
        let superseded = Set(Retention.obsolete(content, erasing: false))
        let plan = try RecoveryPlan(
            content: content,
            snapshots: content.snapshots.map { sequence in
                try condition(
                    of: sequence, directory,
                    isSuperseded: superseded.contains(FileName.snapshot(sequence)))
            },
            mark: directory.mark.sequence)
        var damaged = plan.damagedSnapshots
        for start in plan.starts {
            progress.begin(totalBytes: start.bytes(of: entries))
            var snapshotBytes: Int64 = 0
            if let snapshot = start.snapshot {
                let reader = try SnapshotReader(
                    storage, sequence: snapshot.sequence, expecting: directory.identity,
                    readBytes: directory.limits.readBytes)
                try target.begin(snapshot)
                let damage = try reader.read { kind, bytes in
                    try target.chunk(kind: kind, bytes)
                    progress.add(bytes: bytes.count)
                }
                if let damage {
                    damaged.append(damage)
                    continue
                }
                try target.endSnapshot()
                snapshotBytes = reader.bytes
                progress.reached(snapshot.sequence)
            } else {
                try target.begin(nil)
            }
            var report = RecoveryReport(
                lastSequence: 0, lastTimestamp: start.snapshot?.timestamp,
                snapshot: start.snapshot, snapshotBytes: snapshotBytes, records: 0,
                journalBytes: 0, tornTail: nil, damagedSnapshots: damaged)
            let end = try replay(start, directory, into: target, progress, &report)
            if let end, end.lastSequence < plan.mustReach {
                throw tooShort(end, plan.mustReach)
            }
            let settlement = Settlement(directory: directory, content: content, end: end)
            return Recovered(
                journal: try settlement.run(keeping: damaged.map(\.file)), report: report)
        }
        throw damaged[0]
    }

    /// The journal has lost its end.
    static func tooShort(_ end: ChainReader.End, _ mustReach: UInt64) -> Damage {
        Damage(
            file: FileName.segment(end.segment), offset: end.offset,
            reason: "the journal ends at sequence \(end.lastSequence), but \(mustReach) was durable"
                + (end.tornTail.map { " (\($0.reason))" } ?? ""))
    }

    /// The journal has another digest at a snapshot's sequence than the snapshot.
    static func strange(_ snapshot: SnapshotHeader) -> Damage {
        Damage(
            file: FileName.snapshot(snapshot.sequence), offset: 0,
            reason: "its chain digest is not the one that the journal has at this sequence")
    }

    /// What the next snapshot deletes may stand in for newer ones, but is no reason to refuse a
    /// directory: what makes others refused as a whole is damage there.
    private static func condition(
        of sequence: UInt64, _ directory: DataDirectory, isSuperseded: Bool
    ) throws -> SnapshotCondition {
        do {
            let reader = try SnapshotReader(
                directory.storage, sequence: sequence, expecting: directory.identity,
                readBytes: FileHeader.size)
            return SnapshotCondition(whole: reader.header)
        } catch let damage as Damage {
            return SnapshotCondition(sequence: sequence, damage: damage)
        } catch let fault as DirectoryFault where isSuperseded {
            let damage = Damage(
                file: FileName.snapshot(sequence), offset: 0, reason: fault.description)
            return SnapshotCondition(sequence: sequence, damage: damage)
        }
    }

    /// nil if there is no segment.
    private static func replay(
        _ start: RecoveryPlan.Start, _ directory: DataDirectory, into target: some ReplayTarget,
        _ progress: RecoveryProgress, _ report: inout RecoveryReport
    ) throws -> ChainReader.End? {
        guard !start.segments.isEmpty else { return nil }
        let base = start.snapshot?.sequence ?? 0
        var records = 0
        let reader = ChainReader(
            storage: directory.storage, identity: directory.identity,
            readBytes: directory.limits.readBytes)
        let end = try reader.read(
            start.segments,
            position: { sequence, digest in
                if let snapshot = start.snapshot, sequence == base, digest != snapshot.chainDigest {
                    throw strange(snapshot)
                }
            },
            record: { fields, payload in
                progress.add(bytes: RecordHeader.size + RecordHeader.padded(payload.count))
                guard fields.lastSequence > base else { return }
                if let snapshot = start.snapshot, fields.firstSequence <= base {
                    throw strange(snapshot)
                }
                try target.record(fields, payload: payload)
                records += 1
                progress.reached(fields.lastSequence)
            })
        report.lastSequence = end.lastSequence
        report.lastTimestamp = records > 0 ? end.lastTimestamp : report.lastTimestamp
        report.records = records
        report.journalBytes = end.bytes
        report.tornTail = end.tornTail
        return end
    }
}

extension RecoveryPlan.Start {
    /// The size of the files that are read.
    fileprivate func bytes(of entries: [StorageEntry]) -> Int64 {
        var names = Set(segments.map(FileName.segment))
        if let snapshot { names.insert(FileName.snapshot(snapshot.sequence)) }
        return entries.filter { names.contains($0.name) }.reduce(0) { $0 + $1.size }
    }
}
