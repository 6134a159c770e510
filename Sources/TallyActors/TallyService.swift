public import Logging
public import Persistence
import Synchronization

/// How far the recovery of a service is.
public typealias RecoveryProgress = Persistence.RecoveryProgress

/// Votes, deletions and definitions in; outcomes and exact tallies out. The whole public surface
/// of the actors.
///
/// Every method may be called from any thread. None blocks but `open`; none waits for a disk.
public final class TallyService: Sendable {
    /// The rules that the files of this version were folded with.
    public static let rulesVersion: UInt32 = 2

    /// Turns an account's identifier into the key under which its votes are kept.
    public let accountHash: SipHash128
    /// What was found at the start.
    public let recovery: RecoveryReport
    private let rows: ShardRows
    private let sequencer: Sequencer
    private let published: Mutex<Catalogue>

    /// Recovers what the storage holds and starts. Blocks the calling thread while recovering.
    ///
    /// - Parameters:
    ///   - progress: told how far the recovery is.
    ///   - fail: stops the process; called when a write or a sync failed, since nothing may be
    ///     acknowledged after that.
    /// - Throws: `StorageFault`, `DirectoryFault`, `Damage`, or `Replay.UnknownContent`.
    public static func open(
        storage: any Storage, clock: any ServiceClock, configuration: ServiceConfiguration,
        logger: Logger, progress: RecoveryProgress = RecoveryProgress(),
        fail: @escaping @Sendable (StorageFault) -> Never
    ) throws -> TallyService {
        let directory = try DataDirectory.open(storage, rulesVersion: rulesVersion)
        let replay = Replay(configuration)
        let recovered = try Recovery.run(directory, into: replay, progress: progress)
        replay.finish()
        // A process that died between a snapshot and this left files that should be gone.
        _ = try Retention.apply(to: directory)
        return TallyService(
            directory: directory, recovered: recovered, replay: replay,
            erasures: replay.erasures(keptFiles: try Retention.keptFiles(in: directory)),
            clock: clock, logger: logger, fail: fail)
    }

    private init(
        directory: DataDirectory, recovered: Recovered, replay: Replay, erasures: ErasureLedger,
        clock: any ServiceClock, logger: Logger, fail: @escaping @Sendable (StorageFault) -> Never
    ) {
        accountHash = SipHash128(key: (directory.key.low, directory.key.high))
        recovery = recovered.report
        rows = replay.rows
        let catalogue = replay.machine.catalogue
        published = Mutex(catalogue)
        sequencer = Sequencer()
        var work = SequencerWork(
            directory: directory, journal: recovered.journal, rows: rows, catalogue: catalogue,
            snapshotSequence: recovered.report.snapshot?.sequence ?? 0,
            lastInstant: replay.lastInstant, erasures: erasures, clock: clock,
            logger: logger,
            publish: { [weak self] catalogue in self?.published.withLock { $0 = catalogue } },
            fail: fail, post: { [weak sequencer] entry in sequencer?.submit(entry) })
        // What fell due while no server ran takes place before anybody is served.
        work.tick()
        sequencer.start(work, label: "tally.sequencer")
    }

    /// The newest catalogue. A read under a lock: once a batch, not once a vote.
    public var catalogue: Catalogue { published.withLock { $0 } }

    /// Orders, journals and applies the commands of a batch. Its completion is called exactly
    /// once. An empty batch takes its turn, too, and learns the applied position.
    public func submit(_ batch: CommandBatch) {
        sequencer.submit(.batch(batch))
    }

    /// Applies a command on the catalogue, as a barrier.
    ///
    /// - Parameters:
    ///   - precondition: asked about the catalogue at the command's own position; when it says
    ///     false, the command is refused as `precondition-failed`.
    ///   - reply: called once, on an arbitrary thread, with the outcome and the applied position, before
    ///     any later command on the catalogue is applied.
    public func perform(
        _ command: CatalogueCommand, precondition: (@Sendable (Catalogue) -> Bool)? = nil,
        reply: @escaping @Sendable (CatalogueOutcome, UInt64) -> Void
    ) {
        let wish = CatalogueWish(command: command, precondition: precondition, reply: reply)
        sequencer.submit(.catalogue(wish))
    }

    /// The newest cut, if nothing was acknowledged since it was made.
    public func currentCut() -> Cut? { rows.tallies.currentCut() }

    /// Calls back, at once or on an arbitrary thread, with a cut that includes everything that was
    /// acknowledged before.
    public func withCut(_ body: @escaping @Sendable (Cut) -> Void) { rows.tallies.withCut(body) }

    /// Calls back, on an arbitrary thread, with the account's votes at a position that includes
    /// everything that was acknowledged before.
    public func votes(
        of account: AccountKey, _ body: @escaping @Sendable (AccountVotes) -> Void
    ) {
        rows.read(account, body)
    }

    /// Writes a snapshot beside the running votes.
    ///
    /// - Parameter reply: called once, on an arbitrary thread, when a snapshot that includes
    ///   everything acknowledged before the call is durable: with its position, or with
    ///   `storage-unavailable` or `draining`.
    public func snapshot(reply: @escaping @Sendable (Result<UInt64, Refusal>) -> Void) {
        sequencer.submit(.snapshot(reply))
    }

    /// Which deletions are not yet physical.
    ///
    /// - Parameter reply: called once, on an arbitrary thread; includes every deletion that was
    ///   acknowledged before the call.
    public func erasure(reply: @escaping @Sendable (Result<ErasureStatus, Refusal>) -> Void) {
        sequencer.submit(.erasure(reply))
    }

    /// Makes every deletion so far physical: writes up to two snapshots beside the running votes, and
    /// deletes every older file.
    ///
    /// - Parameter reply: called once, on an arbitrary thread, when it is done: with what has come
    ///   meanwhile, or with `storage-unavailable` or `draining`.
    public func erase(reply: @escaping @Sendable (Result<ErasureStatus, Refusal>) -> Void) {
        sequencer.submit(.erase(reply))
    }

    /// The self-audit found a wrong count: nothing is written any more, and reads are doubtful.
    public var isInDoubt: Bool { sequencer.isInDoubt.load(ordering: .relaxed) }

    public var status: ServiceStatus {
        ServiceStatus(
            position: rows.tallies.position, ballots: rows.statistics,
            sequencer: sequencer.statistics,
            copiedBytes: SharedMemory.copiedBytes.load(ordering: .relaxed))
    }

    /// Refuses what comes from now on as `draining`, finishes what was taken, closes the files.
    public func shutdown() async {
        await withCheckedContinuation { continuation in
            sequencer.submit(.stop { continuation.resume() })
        }
    }
}

/// The figures of a service at one moment, for readiness and metrics.
public struct ServiceStatus: Sendable {
    /// The applied position.
    public let position: UInt64
    public let ballots: BallotStatistics
    public let sequencer: SequencerStatistics
    /// Bytes that were copied since the start because a snapshot or an audit shared them.
    public let copiedBytes: UInt64
}
