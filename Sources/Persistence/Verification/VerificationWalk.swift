/// One verification on its way through the chain.
final class VerificationWalk<Target: ReplayTarget> {
    private let storage: any Storage
    private let identity: FileIdentity
    private let readBytes: Int
    private let content: DirectoryContent
    private let target: Target
    /// Snapshots that the chain has not come to yet, the next one last.
    private var ahead: [SnapshotReader] = []
    /// Whether `target` has a state that records can be applied to.
    private var hasBase = false
    private var snapshots: [SnapshotHeader] = []
    private var snapshotBytes: Int64 = 0

    init(
        storage: any Storage, identity: FileIdentity, readBytes: Int, content: DirectoryContent,
        target: Target
    ) {
        self.storage = storage
        self.identity = identity
        self.readBytes = readBytes
        // What the next snapshot deletes may have gaps: a power cut brings deleted files back in
        // any order. No start needs it.
        let obsolete = Set(Retention.obsolete(content, erasing: false))
        self.content = content.without(obsolete)
        self.target = target
    }

    func run(mark: DurableMark.Reading) throws -> VerificationReport {
        let readers = try content.snapshots.map {
            try SnapshotReader(
                storage, sequence: $0, expecting: identity, readBytes: readBytes)
        }
        let plan = try RecoveryPlan(
            content: content, snapshots: readers.map { SnapshotCondition(whole: $0.header) },
            mark: mark.sequence)
        let first = content.segments.first ?? 1
        ahead = try readers.reversed().filter { reader in
            // No segment reaches back to it: only its own digests can be checked.
            if reader.header.sequence + 1 < first {
                try check(reader) { _, _ in }
                return false
            }
            return true
        }
        if first == 1 {
            try target.begin(nil)
            hasBase = true
        }
        let end = try content.segments.isEmpty ? nil : readChain()
        if let end, end.lastSequence < plan.mustReach {
            throw Recovery.tooShort(end, plan.mustReach)
        }
        return VerificationReport(
            firstSequence: content.segments.first, lastSequence: end?.lastSequence ?? 0,
            durableMark: mark.sequence, segments: content.segments.count,
            records: end?.records ?? 0, journalBytes: end?.bytes ?? 0, snapshots: snapshots,
            snapshotBytes: snapshotBytes, tornTail: end?.tornTail,
            markHasTornSlot: mark.hasTornSlot, keptEvidence: content.keptEvidence)
    }

    private func readChain() throws -> ChainReader.End {
        let reader = ChainReader(storage: storage, identity: identity, readBytes: readBytes)
        return try reader.read(
            content.segments,
            position: { sequence, digest in try pass(sequence, digest) },
            record: { fields, payload in
                if let next = ahead.last, next.header.sequence < fields.lastSequence,
                    next.header.sequence >= fields.firstSequence
                {
                    throw Recovery.strange(next.header)
                }
                if hasBase { try target.record(fields, payload: payload) }
            })
    }

    private func pass(_ sequence: UInt64, _ digest: ChainDigest) throws {
        guard let reader = ahead.last, reader.header.sequence == sequence else { return }
        ahead.removeLast()
        guard reader.header.chainDigest == digest else {
            throw Recovery.strange(reader.header)
        }
        try target.begin(reader.header)
        try check(reader, chunk: target.chunk)
        try target.endSnapshot()
        hasBase = true
    }

    private func check(
        _ reader: SnapshotReader, chunk: (UInt8, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        if let damage = try reader.read(chunk) { throw damage }
        snapshots.append(reader.header)
        snapshotBytes += reader.bytes
    }
}
