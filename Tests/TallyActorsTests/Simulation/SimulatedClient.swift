import TallyActors

/// One connection: its batches come back once each, in the order in which it sent them.
///
/// `@unchecked Sendable`: one thread runs all of a simulation.
final class SimulatedClient: BatchCompletion, @unchecked Sendable {
    private let fate: Fate
    private let history: History
    private let disk: SimulatedDisk
    private var sent: [CommandBatch] = []

    init(fate: Fate, history: History, disk: SimulatedDisk) {
        self.fate = fate
        self.history = history
        self.disk = disk
    }

    func send(_ batch: CommandBatch, to life: ServerLife) {
        sent.append(batch)
        history.submit(batch)
        life.submit(.batch(batch))
    }

    /// Forgets what has no answer and refers to this client.
    func end() { sent = [] }

    func batchApplied(_ batch: CommandBatch) {
        // What a dead machine says is heard by nobody.
        if disk.isDead { return }
        fate.expect(sent.first === batch, "a connection's batches came back in another order")
        if !sent.isEmpty { sent.removeFirst() }
        history.answer(batch)
    }
}
