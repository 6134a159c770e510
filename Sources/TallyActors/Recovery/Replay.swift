import Dispatch
import Logging
public import Persistence
import Synchronization

/// Folds snapshots and journal records into the two rows of actors: the start of a service, and
/// the recount of `tally verify`.
///
/// Used by one thread, which is not one of the cooperative pool: it waits for the shards.
public final class Replay: ReplayTarget {
    /// Records that may be on their way through the shards at once.
    private static let recordsInFlight = 64

    /// What the files hold is not what this version writes, although their digests are right.
    public struct UnknownContent: Error, CustomStringConvertible {
        public var sequence: UInt64
        public var reason: String

        public var description: String { "record \(sequence): \(reason)" }
    }

    private let configuration: ServiceConfiguration
    package private(set) var rows: ShardRows
    package private(set) var machine = CatalogueMachine()
    package private(set) var lastInstant = Instant(milliseconds: 0)
    private var position: UInt64 = 0
    /// As the snapshot held it.
    private var stored = ErasureLedger.Class.none
    /// The time of the snapshot, or of the first record.
    private var startInstant: Instant?
    private var restoration: SnapshotRestoration?
    private var base: SnapshotHeader?
    private let gate = ReplayGate(limit: Replay.recordsInFlight)

    public init(_ configuration: ServiceConfiguration) {
        rows = Self.emptyRows(configuration)
        self.configuration = configuration
    }

    private static func emptyRows(_ configuration: ServiceConfiguration) -> ShardRows {
        ShardRows(
            machines: Partition.ranges(shards: configuration.ballotShards).map {
                BallotMachine(partitions: $0)
            },
            changes: [], tallyShards: configuration.tallyShards, host: configuration.host,
            catalogue: .empty, position: 0, instant: Instant(milliseconds: 0))
    }

    public func begin(_ snapshot: SnapshotHeader?) throws {
        restoration = snapshot.map { _ in
            SnapshotRestoration(ballotShards: configuration.ballotShards)
        }
        base = snapshot
        rows = Self.emptyRows(configuration)
        machine = CatalogueMachine()
        lastInstant = Instant(milliseconds: 0)
        position = 0
        stored = .none
        startInstant = nil
    }

    public func chunk(kind: UInt8, _ bytes: UnsafeRawBufferPointer) throws {
        guard restoration != nil else { preconditionFailure("a chunk outside of a snapshot") }
        do {
            try restoration!.take(kind: kind, bytes)
        } catch {
            throw UnknownContent(
                sequence: base?.sequence ?? 0, reason: "a chunk of kind \(kind) cannot be read")
        }
    }

    public func endSnapshot() throws {
        guard var restoration, let base else {
            preconditionFailure("the end of a snapshot that did not begin")
        }
        self.restoration = nil
        guard let state = try? restoration.finish() else {
            throw UnknownContent(sequence: base.sequence, reason: "its catalogue cannot be read")
        }
        machine = CatalogueMachine(catalogue: state.catalogue)
        stored = restoration.erasures
        startInstant = Instant(milliseconds: base.timestamp)
        lastInstant = Instant(milliseconds: base.timestamp)
        position = base.sequence
        rows = ShardRows(
            machines: state.machines, changes: Self.recount(state.machines),
            tallyShards: configuration.tallyShards, host: configuration.host,
            catalogue: state.catalogue, position: position,
            instant: lastInstant)
    }

    private static func recount(_ machines: [BallotMachine]) -> [CountChanges] {
        let parts = Mutex<[CountChanges]>([])
        DispatchQueue.concurrentPerform(iterations: machines.count) { index in
            let part = machines[index].recount()
            parts.withLock { $0.append(part) }
        }
        return parts.withLock { $0 }
    }

    public func record(_ fields: RecordFields, payload: UnsafeRawBufferPointer) throws {
        precondition(fields.firstSequence == position + 1, "the journal has a gap")
        let instant = Instant(milliseconds: fields.timestamp)
        if startInstant == nil { startInstant = instant }
        switch RecordKind(rawValue: fields.kind) {
        case .commands: try apply(payload, fields, at: instant)
        case .catalogue: try define(payload, fields, at: instant)
        case .mark:
            rows.apply(
                OrderedRecord(
                    batches: [], first: fields.firstSequence, last: fields.lastSequence,
                    instant: instant, shards: rows.ballots.count))
        case nil:
            throw UnknownContent(
                sequence: fields.firstSequence, reason: "unknown kind \(fields.kind)")
        }
        position = fields.lastSequence
        lastInstant = instant
    }

    private func apply(
        _ payload: UnsafeRawBufferPointer, _ fields: RecordFields, at instant: Instant
    ) throws {
        let batch = CommandBatch(capacity: Int(fields.count), completion: gate)
        guard batch.appendAll(payload), batch.count == fields.count else {
            throw UnknownContent(
                sequence: fields.firstSequence, reason: "its commands do not fit its count")
        }
        configuration.host.letShardsWork()
        gate.enter()
        rows.apply(
            OrderedRecord(
                batches: [batch], first: fields.firstSequence, last: fields.lastSequence,
                instant: instant, shards: rows.ballots.count))
    }

    private func define(
        _ payload: UnsafeRawBufferPointer, _ fields: RecordFields, at instant: Instant
    ) throws {
        var reader = ByteReader(payload)
        guard let command = try? reader.command(), reader.isAtEnd, fields.count == 1 else {
            throw UnknownContent(
                sequence: fields.firstSequence, reason: "not a catalogue command")
        }
        let (_, changed) = machine.apply(
            command, sequence: fields.firstSequence, at: instant, locks: rows.gatherLocks(),
            cut: rows.settledCut)
        guard changed else {
            throw UnknownContent(
                sequence: fields.firstSequence, reason: "a catalogue command that does nothing")
        }
        rows.adopt(machine.catalogue, sequence: fields.firstSequence, instant: instant)
    }

    /// Returns when every record has been applied.
    package func finish() { rows.settle() }

    /// Which deletions are not yet physical, at the end.
    ///
    /// - Parameter keptFiles: that recovery put aside, now or earlier.
    package func erasures(keptFiles: Int) -> ErasureLedger {
        ErasureLedger(
            stored: stored, keptFiles: keptFiles,
            replayed: rows.statistics.namingsOfDeleted, since: startInstant ?? lastInstant)
    }
}

/// Bounds the records that are on their way through the shards.
private final class ReplayGate: BatchCompletion {
    private let semaphore: DispatchSemaphore

    init(limit: Int) {
        semaphore = DispatchSemaphore(value: limit)
    }

    func enter() { semaphore.wait() }

    func batchApplied(_ batch: CommandBatch) { semaphore.signal() }
}
