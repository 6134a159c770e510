import TallyActors

/// Where the shards of a simulation work: one message at a time, of a queue that chance picks.
///
/// `@unchecked Sendable`: one thread runs all of a simulation.
final class SimulatedHost: ShardHost, @unchecked Sendable {
    private let fate: Fate
    private var ballots: [SimulatedBallotInlet] = []
    private var tallies: [SimulatedTallyInlet] = []
    private var tasks: [(label: String, work: @Sendable () -> Void)] = []

    init(_ fate: Fate) {
        self.fate = fate
    }

    func host(_ worker: BallotWorker) -> any BallotInlet {
        ballots.append(SimulatedBallotInlet(worker))
        return ballots.last!
    }

    func host(_ machine: TallyMachine) -> any TallyInlet {
        tallies.append(SimulatedTallyInlet(machine))
        return tallies.last!
    }

    func background(_ label: String, _ work: @escaping @Sendable () -> Void) {
        tasks.append((label, work))
    }

    /// Called where another thread may have its turn.
    var interlude: (() -> Void)?

    func rest(afterWriting bytes: Int) { interlude?() }

    /// Some work is in the middle of an operation of the disk.
    private(set) var tasksUnderWay = 0

    var hasTasks: Bool { !tasks.isEmpty }

    /// Does one piece of background work.
    func runTask() {
        let (label, work) = tasks.remove(at: fate.int(0..<tasks.count))
        fate.note(label)
        if label == "tally.audit" { fate.happened(.audit) }
        tasksUnderWay += 1
        work()
        tasksUnderWay -= 1
    }

    /// A thread waits: everybody else goes on until the queues are empty.
    func letShardsWork() {
        while deliver() {
            if hasTasks, fate.oneIn(20) { runTask() }
        }
    }

    /// Delivers one message, or sweeps a little.
    ///
    /// - Returns: false when every queue is empty.
    @discardableResult
    func deliver() -> Bool {
        let busyBallots = ballots.indices.filter { !ballots[$0].queue.isEmpty }
        let busyTallies = tallies.indices.filter { !tallies[$0].queue.isEmpty }
        guard busyBallots.count + busyTallies.count > 0 else { return false }
        if fate.oneIn(8) { sweep() }
        let choice = fate.int(0..<busyBallots.count + busyTallies.count)
        fate.note("deliver", UInt64(choice))
        if choice < busyBallots.count {
            ballots[busyBallots[choice]].deliver()
        } else {
            tallies[busyTallies[choice - busyBallots.count]].deliver()
        }
        return true
    }

    /// Takes a step of one sweep that is under way.
    func sweep() {
        guard let sweeping = ballots.filter({ $0.isSweeping }).randomElement(using: &fate.random)
        else { return }
        fate.note("sweep")
        fate.happened(.sweep)
        sweeping.sweep()
    }

    /// Forgets everything, which refers to each other.
    func end() {
        ballots = []
        tallies = []
        tasks = []
        interlude = nil
    }
}

/// `@unchecked Sendable`: one thread runs all of a simulation.
private final class SimulatedBallotInlet: BallotInlet, @unchecked Sendable {
    let partitions: Range<Int>
    private var worker: BallotWorker
    private(set) var queue: [BallotMessage] = []

    init(_ worker: BallotWorker) {
        self.worker = worker
        partitions = worker.partitions
    }

    var currentStatistics: BallotStatistics { worker.currentStatistics }

    func send(_ message: BallotMessage) { queue.append(message) }

    func deliver() { worker.handle(queue.removeFirst()) }

    var isSweeping: Bool { worker.isSweeping }

    func sweep() { worker.sweepStep() }
}

/// `@unchecked Sendable`: one thread runs all of a simulation.
private final class SimulatedTallyInlet: TallyInlet, @unchecked Sendable {
    private var machine: TallyMachine
    private(set) var queue: [TallyMessage] = []

    init(_ machine: TallyMachine) {
        self.machine = machine
    }

    /// Nobody must be woken: the scheduler sees what is there.
    func put(_ message: TallyMessage) -> Bool {
        queue.append(message)
        return false
    }

    func wake() {}

    func deliver() { machine.handle(queue.removeFirst()) }
}
