/// The actor round one `TallyMachine`: it owns the counts of some proposals.
///
/// Its mailbox is filled by the tally row, in record order; it never awaits in the middle of a
/// turn.
actor TallyShard: TallyInlet {
    /// How many times in a row a job looks into the mailbox before it lets others have the thread.
    private static let roundsPerJob = 8

    private nonisolated let mailbox = Mailbox<TallyMessage>()
    private var machine: TallyMachine

    init(machine: TallyMachine) {
        self.machine = machine
    }

    /// - Returns: whether `wake` must be called: not under a lock.
    nonisolated func put(_ message: TallyMessage) -> Bool { mailbox.put(message) }

    nonisolated func wake() {
        Task { await self.work() }
    }

    private func work() {
        for _ in 0..<Self.roundsPerJob {
            let messages = mailbox.take()
            if messages.isEmpty { return }
            for message in messages { machine.handle(message) }
        }
        wake()
    }
}
