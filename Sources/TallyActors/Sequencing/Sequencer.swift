import Dispatch
import Logging
package import Persistence
import Synchronization

/// Gives every command its one place: the only writer of the journal, on a thread of its own.
///
/// A record is whatever batches have gathered while the last one was being made durable. Only when
/// it is durable do the shards get it. Catalogue commands are barriers, each a record of its own.
package final class Sequencer: Sendable {
    /// What waits to be ordered.
    package enum Entry: Sendable {
        case batch(CommandBatch)
        case catalogue(CatalogueWish)
        case snapshot(@Sendable (Result<UInt64, Refusal>) -> Void)
        /// The snapshot under way is durable, or could not be written.
        case snapshotWritten(Result<SnapshotSummary, StorageFault>)
        /// Makes every deletion so far physical.
        case erase(@Sendable (Result<ErasureStatus, Refusal>) -> Void)
        /// Says which deletions are not yet physical.
        case erasure(@Sendable (Result<ErasureStatus, Refusal>) -> Void)
        /// The audit under way is finished, and found a difference, or none.
        case audited(sequence: UInt64, difference: String?)
        case stop(@Sendable () -> Void)
    }

    private struct Inbox {
        var entries: [Entry] = []
        /// What came after the stop: refused when everything before it has been answered, so that
        /// batches come back in the order in which they were submitted.
        var late: [Entry] = []
        var isStopped = false
        /// Nothing is under way any more: what comes is refused at once.
        var isOver = false
        var isSleeping = false
    }

    private let inbox = Mutex(Inbox())
    private let wake = DispatchSemaphore(value: 0)
    private let published = Mutex(SequencerStatistics())
    /// The self-audit found a wrong count.
    let isInDoubt = Atomic(false)

    package init() {}

    /// Starts the thread. `work` is used by it alone from now on.
    func start(_ work: consuming SequencerWork, label: String) {
        published.withLock { $0 = work.statistics }
        let box = Mutex<SequencerWork?>(work)
        let queue = DispatchQueue(label: label, qos: .userInitiated)
        queue.async { [self] in
            var taken: SequencerWork?
            box.withLock { swap(&taken, &$0) }
            guard var work = taken else { preconditionFailure("the sequencer was started twice") }
            run(&work)
        }
    }

    /// Never blocks.
    func submit(_ entry: Entry) {
        let (isRefused, mustWake) = inbox.withLock { inbox in
            if inbox.isOver { return (true, false) }
            if inbox.isStopped {
                inbox.late.append(entry)
                return (false, false)
            }
            inbox.entries.append(entry)
            if case .stop = entry { inbox.isStopped = true }
            let mustWake = inbox.isSleeping
            inbox.isSleeping = false
            return (false, mustWake)
        }
        if mustWake { wake.signal() }
        if isRefused { refuse(entry) }
    }

    private func refuse(_ entry: Entry) {
        switch entry {
        case .batch(let batch):
            batch.refusal = .draining
            batch.completion.batchApplied(batch)
        case .catalogue(let wish):
            wish.reply(.refused(.draining, detail: "The server is going down."), 0)
        case .snapshot(let reply):
            reply(.failure(.draining))
        case .erase(let reply), .erasure(let reply):
            reply(.failure(.draining))
        case .snapshotWritten, .audited:
            break
        case .stop(let done):
            done()
        }
    }

    var statistics: SequencerStatistics { published.withLock { $0 } }

    private func run(_ work: inout SequencerWork) {
        repeat {
            work.tick()
            published.withLock { $0 = work.statistics }
        } while turn(take(within: work.patience), &work)
        refuseLate()
    }

    /// Orders what has gathered.
    ///
    /// - Returns: false when it was the last turn.
    package func turn(_ entries: [Entry], _ work: inout SequencerWork) -> Bool {
        var gathered = GatheredBatches()
        for entry in entries {
            switch entry {
            case .batch(let batch):
                if !work.fits(batch, beside: gathered.batches.count, places: gathered.places) {
                    gathered.order(by: &work)
                }
                gathered.add(batch)
            case .catalogue(let wish):
                gathered.order(by: &work)
                work.order(wish)
            case .snapshot(let reply):
                gathered.order(by: &work)
                work.snapshot(reply)
            case .erase(let reply):
                gathered.order(by: &work)
                work.erase(reply)
            case .erasure(let reply):
                work.erasure(reply)
            case .snapshotWritten(let result):
                work.snapshotWritten(result)
            case .audited(let sequence, let difference):
                work.audited(sequence: sequence, difference: difference)
                if difference != nil { isInDoubt.store(true, ordering: .relaxed) }
            case .stop(let done):
                gathered.order(by: &work)
                work.stop()
                done()
                return false
            }
        }
        gathered.order(by: &work)
        return true
    }

    /// Refuses what came after the stop, in order, until nothing more does.
    private func refuseLate() {
        while true {
            let late = inbox.withLock { inbox in
                var taken: [Entry] = []
                swap(&taken, &inbox.late)
                inbox.isOver = taken.isEmpty
                return taken
            }
            if late.isEmpty { return }
            for entry in late { refuse(entry) }
        }
    }

    /// What has gathered; waits for it at most so many milliseconds.
    private func take(within patience: Int64) -> [Entry] {
        let taken = takeNow(sleeping: true)
        if !taken.isEmpty { return taken }
        _ = wake.wait(timeout: .now() + .milliseconds(Int(patience)))
        return takeNow(sleeping: false)
    }

    private func takeNow(sleeping: Bool) -> [Entry] {
        inbox.withLock { inbox in
            var taken: [Entry] = []
            swap(&taken, &inbox.entries)
            inbox.isSleeping = sleeping && taken.isEmpty
            return taken
        }
    }
}

/// Batches that become one record.
private struct GatheredBatches {
    private(set) var batches: [CommandBatch] = []
    /// What they take in the record, in places of 24 bytes.
    private(set) var places = 0

    mutating func add(_ batch: CommandBatch) {
        batches.append(batch)
        places += batch.placeCount
    }

    mutating func order(by work: inout SequencerWork) {
        work.order(batches)
        batches.removeAll(keepingCapacity: true)
        places = 0
    }
}

/// A catalogue command on its way to its position.
package struct CatalogueWish: Sendable {
    var command: CatalogueCommand
    /// Asked at the command's own position; false refuses it.
    var precondition: (@Sendable (Catalogue) -> Bool)?
    var reply: @Sendable (CatalogueOutcome, UInt64) -> Void

    package init(
        command: CatalogueCommand, precondition: (@Sendable (Catalogue) -> Bool)? = nil,
        reply: @escaping @Sendable (CatalogueOutcome, UInt64) -> Void
    ) {
        self.command = command
        self.precondition = precondition
        self.reply = reply
    }
}

/// Figures of the sequencer for metrics and readiness.
public struct SequencerStatistics: Sendable {
    public internal(set) var records: UInt64 = 0
    public internal(set) var commands: UInt64 = 0
    public internal(set) var journalBytes: UInt64 = 0
    /// The wall clock is believed: timed transitions take place.
    public internal(set) var isClockTrusted = true
    /// Snapshots written since the start.
    public internal(set) var snapshots: UInt64 = 0
    /// The position of the newest snapshot; 0 when there is none.
    public internal(set) var snapshotSequence: UInt64 = 0
    /// Bytes of the newest snapshot written since the start.
    public internal(set) var snapshotBytes: UInt64 = 0
    /// How far the snapshot under way is, looked at once a second; nil when there is none.
    public internal(set) var snapshotPercent: Int?
    /// The last write found room on the disk.
    public internal(set) var hasRoom = true
    public internal(set) var erasure = ErasureStatus()
    public internal(set) var audit = AuditStatus()
}
