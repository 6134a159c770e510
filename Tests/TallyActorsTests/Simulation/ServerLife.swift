import Logging
import Persistence
import TallyActors

/// One process of the service, from its start to its death, without a thread of its own.
///
/// `@unchecked Sendable`: one thread runs all of a simulation.
final class ServerLife: @unchecked Sendable {
    let disk: SimulatedDisk
    let rows: ShardRows
    let report: RecoveryReport
    private let host: SimulatedHost
    private let clock: SimulatedClock
    private let sequencer = Sequencer()
    private let inbox: Inbox
    private var work: SequencerWork
    /// The sequencer is in the middle of a turn.
    private(set) var isInTurn = false
    private(set) var isStopped = false
    /// As it was last shown to the event loops.
    var catalogue: Catalogue { inbox.catalogue }

    /// What waits for the sequencer.
    private final class Inbox: @unchecked Sendable {
        var entries: [Sequencer.Entry] = []
        var catalogue: Catalogue

        init(_ catalogue: Catalogue) {
            self.catalogue = catalogue
        }
    }

    /// Recovers what the disk holds.
    ///
    /// - Parameter recovered: called when that is done, before anything else happens.
    init(
        _ disk: SimulatedDisk, clock: SimulatedClock, history: History, host: SimulatedHost,
        shards: (ballots: Int, tallies: Int), limits: PersistenceLimits,
        recovered check: (ShardRows, UInt64) -> Void
    ) throws {
        self.disk = disk
        self.clock = clock
        self.host = host
        clock.processStarts()
        var configuration = ServiceConfiguration(
            ballotShards: shards.ballots, tallyShards: shards.tallies)
        configuration.host = host
        let directory = try DataDirectory.open(
            disk, rulesVersion: TallyService.rulesVersion, limits: limits)
        let replay = Replay(configuration)
        let recovered = try Recovery.run(directory, into: replay)
        replay.finish()
        report = recovered.report
        rows = replay.rows
        check(rows, recovered.journal.lastSequence)
        let inbox = Inbox(replay.machine.catalogue)
        self.inbox = inbox
        work = SequencerWork(
            directory: directory, journal: LoggedJournal(recovered.journal, history: history),
            rows: replay.rows, catalogue: replay.machine.catalogue,
            snapshotSequence: recovered.report.snapshot?.sequence ?? 0,
            lastInstant: replay.lastInstant,
            erasures: replay.erasures(keptFiles: try Retention.keptFiles(in: directory)),
            clock: clock, logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() },
            publish: { inbox.catalogue = $0 },
            fail: { fatalError("a storage that does not fail failed: \($0)") },
            post: { inbox.entries.append($0) })
        isInTurn = true
        clock.beginTurn()
        work.tick()
        isInTurn = false
    }

    func submit(_ entry: Sequencer.Entry) { inbox.entries.append(entry) }

    var isIdle: Bool { inbox.entries.isEmpty && !host.hasTasks }

    /// One turn of the sequencer, with what has gathered.
    func turn() {
        isInTurn = true
        clock.beginTurn()
        work.tick()
        var entries: [Sequencer.Entry] = []
        swap(&entries, &inbox.entries)
        if !sequencer.turn(entries, &work) { isStopped = true }
        isInTurn = false
    }
}
