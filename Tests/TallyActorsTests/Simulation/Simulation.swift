import Persistence
import TallyActors

/// The service on a simulated disk, clock and scheduler, through several lives; chance decides
/// everything, one seed decides chance.
///
/// After each death: what was acknowledged is there, in its order and once; the two rows agree;
/// and the state is the naive model's.
///
/// `@unchecked Sendable`: one thread runs all of a simulation.
final class Simulation: @unchecked Sendable {
    /// Deaths and restarts of one simulation.
    static let lives = 8
    static let accountsAtOnce = 30
    static let accounts = accountsAtOnce + 6 * lives
    /// Batches without an answer, at most.
    static let maximumUnanswered = 20

    let fate: Fate
    let clock: SimulatedClock
    let history: History
    private var memory = MemoryStorage()
    private(set) var host: SimulatedHost
    private(set) var disk: SimulatedDisk
    private(set) var life: ServerLife?
    private(set) var clients: [SimulatedClient] = []
    private(set) var isStopping = false
    /// Clients are silent.
    private(set) var isSettling = false
    /// The accounts that clients use; others were used before.
    private(set) var accounts = 0..<Simulation.accountsAtOnce
    /// The disk is too small.
    private(set) var isLimited = false
    var nextName = 0
    /// Interludes within interludes.
    private var depth = 0
    /// Snapshots and erasures that were asked for and have no answer.
    var openRequests = 0
    var limits = PersistenceLimits()

    /// - Parameter seed: one in four begins with no file at all, and so with a key that is made
    ///   up then; the others with a key that is always the same.
    init(seed: UInt64) throws {
        let makesKey = seed % 4 == 0
        fate = Fate(seed: seed, notesContents: !makesKey)
        clock = SimulatedClock(fate)
        history = History(fate: fate, clock: clock)
        host = SimulatedHost(fate)
        disk = SimulatedDisk(memory, fate: fate, clock: clock, operations: 0)
        if !makesKey {
            let file = try memory.open("key", for: .create)
            try Self.key.withUnsafeBytes { try file.write([$0], at: 0) }
            try file.sync()
            try memory.syncDirectory()
        }
    }

    /// A whole key file.
    private static let key: [UInt8] =
        Array("TALLYKEY".utf8) + [1, 0, 0, 0, 0, 0, 0, 0] + Array(1...16) + [
            0xb3, 0xc4, 0xaf, 0xbe, 0xe4, 0x55, 0xf7, 0x58,
            0x51, 0x68, 0x06, 0x8b, 0xa0, 0x5d, 0x3c, 0x97,
        ]

    /// - Returns: a digest of everything that happened.
    /// - Throws: `SimulationFailure`.
    func run() throws -> UInt64 {
        for number in 1...Self.lives {
            try start(operations: operationsToLive(isLast: number == Self.lives))
            let steps = fate.oneIn(3) ? fate.int(20..<200) : 600
            for _ in 0..<steps where !disk.isDead {
                step()
                if let failure = fate.failure { throw failure }
            }
            if disk.isDead { fate.happened(.deathInOperation) }
            if !disk.isDead, fate.oneIn(2) || number == Self.lives { try settle() }
            accounts = accounts.lowerBound + 6..<accounts.upperBound + 6
            if !disk.isDead { number == Self.lives ? verify(disk.memory) : endLife() }
            try bury()
        }
        return fate.digest
    }

    private func operationsToLive(isLast: Bool) -> Int {
        if isLast { return .max }
        return fate.oneIn(4) ? fate.int(1..<30) : fate.int(10..<120)
    }

    // MARK: - Lives

    /// Starts until a start succeeds.
    private func start(operations: Int) throws {
        var operations = operations
        while true {
            chooseLimits()
            disk = SimulatedDisk(memory, fate: fate, clock: clock, operations: operations)
            host = SimulatedHost(fate)
            disk.whenDead = { [self] in died() }
            clients = (0..<3).map { _ in
                SimulatedClient(fate: fate, history: history, disk: disk)
            }
            openRequests = 0
            isStopping = false
            fate.note("start")
            do {
                life = try ServerLife(
                    disk, clock: clock, history: history, host: host,
                    shards: (1 + fate.int(0..<8), 1 + fate.int(0..<8)), limits: limits,
                    recovered: { recovered($0, $1) })
            } catch StorageFault.full where isLimited && !disk.isDead {
                // A torn tail is kept before it is cut off, which takes room.
                disk.die(powerFails: false)
            } catch {
                if !disk.isDead { fate.fail("it does not start: \(error)") }
            }
            if let failure = fate.failure { throw failure }
            if !disk.isDead { break }
            fate.happened(.deathInRecovery)
            try bury()
            operations = operationsToLive(isLast: fate.oneIn(3))
        }
        if let report = life?.report { note(report) }
        if fate.oneIn(3) { verify(disk.memory) }
        disk.interlude = { [self] in interlude() }
        host.interlude = disk.interlude
    }

    private func note(_ report: RecoveryReport) {
        fate.happened(report.snapshot == nil ? .startFromNothing : .startFromSnapshot)
        if report.tornTail != nil { fate.happened(.tornTail) }
        fate.expect(report.damagedSnapshots.isEmpty, "a death damaged a snapshot")
        if history.model.position > report.lastSequence { fate.happened(.lateTransitionAtStart) }
    }

    private func died() {
        history.machineDied()
        if host.tasksUnderWay > 0 { fate.happened(.deathBesideSnapshot) }
    }

    private func chooseLimits() {
        limits.maximumRecordBytes = 64 << 10
        limits.segmentBytes = fate.int(9..<20) * 8192
        limits.reserveBytes = 8192
        limits.zeroAheadBytes = 8192 * fate.int(0..<2)
        limits.readBytes = 4096 * fate.int(1..<20)
        limits.snapshotWriteBytes = fate.oneIn(2) ? 1024 : 1 << 20
        limits.snapshotSyncBytes = fate.oneIn(2) ? 2048 : 1 << 20
        limits.maximumChunkBytes = fate.oneIn(2) ? 4096 : 65_536
    }

    /// Compares everything that a process found with what there should be.
    private func recovered(_ rows: ShardRows, _ position: UInt64) {
        if disk.isDead { return }
        history.survived(position)
        history.mayLackRoom = isLimited
        if fate.failure == nil { compare(rows) }
    }

    /// What the dead machine left is what the next one begins with.
    private func bury() throws {
        if let failure = fate.failure { throw failure }
        memory = disk.image ?? memory
        // A recovery that was refused leaves records on their way.
        host.letShardsWork()
        host.end()
        disk.interlude = nil
        disk.whenDead = nil
        for client in clients { client.end() }
        life = nil
        if isLimited, fate.oneIn(2) { setRoom(nil) }
    }

    private func endLife() {
        if fate.oneIn(2) { return disk.die(powerFails: !fate.oneIn(3)) }
        isStopping = true
        fate.happened(.stop)
        life?.submit(.stop {})
        while let life, !life.isStopped { life.turn() }
        if !disk.isDead { disk.die(powerFails: true) }
    }

    // MARK: - Room on the disk

    func setRoom(_ bytes: Int?) {
        let used = (try? memory.list().reduce(0) { $0 + $1.size }) ?? 0
        memory.setCapacity(bytes.map { used + Int64($0) })
        isLimited = bytes != nil
        if isLimited { history.mayLackRoom = true }
        fate.note("room", UInt64(bytes ?? 0))
    }

    // MARK: - Others' turns

    /// What else happens while one thread is in the middle of an operation of the disk.
    private func interlude() {
        guard depth < 3, fate.oneIn(4) else { return }
        depth += 1
        for _ in 0..<fate.int(1..<10) where !disk.isDead { sideStep() }
        depth -= 1
    }

    /// Everybody goes on until nothing is left to do.
    private func settle() throws {
        isSettling = true
        defer { isSettling = false }
        setRoom(nil)
        // With nothing else to write between its two snapshots.
        var erases = fate.oneIn(2)
        for _ in 0..<80 where !disk.isDead {
            guard let life else { return }
            if life.isIdle && history.isAnswered && openRequests == 0 {
                if !erases { break }
                erases = false
                askForErasure()
            }
            clock.advance(by: fate.int(500..<1_500))
            life.turn()
            host.letShardsWork()
            while host.hasTasks { host.runTask() }
            if let failure = fate.failure { throw failure }
        }
        guard !disk.isDead, let life else { return }
        fate.expect(history.isAnswered, "a batch or a definition has no answer")
        fate.expect(openRequests == 0, "a snapshot or an erasure has no answer")
        history.mayLackRoom = false
        compare(life.rows)
        fate.expect(
            life.catalogue.sequence == life.rows.settledCut().catalogue.sequence,
            "event loops see another catalogue")
        if let failure = fate.failure { throw failure }
    }
}
