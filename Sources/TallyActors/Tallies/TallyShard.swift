/// The actor round one `TallyMachine`: it owns the counts of some proposals.
///
/// Its mailbox is filled by the tally row, in record order; it never awaits in the middle of a
/// turn.
actor TallyShard {
    enum Message: Sendable {
        case fold([CountChanges], first: UInt64, last: UInt64)
        case adopt(Catalogue, sequence: UInt64)
        case cut(CutRequest)
    }

    /// How many times in a row a job looks into the mailbox before it lets others have the thread.
    private static let roundsPerJob = 8

    private nonisolated let mailbox = Mailbox<Message>()
    private var machine: TallyMachine

    init(machine: TallyMachine) {
        self.machine = machine
    }

    /// - Returns: whether `wake` must be called: not under a lock.
    nonisolated func put(_ message: Message) -> Bool { mailbox.put(message) }

    nonisolated func wake() {
        Task { await self.work() }
    }

    private func work() {
        for _ in 0..<Self.roundsPerJob {
            let messages = mailbox.take()
            if messages.isEmpty { return }
            for message in messages { handle(message) }
        }
        wake()
    }

    private func handle(_ message: Message) {
        switch message {
        case .fold(let parts, let first, let last):
            machine.fold(parts, first: first, last: last)
        case .adopt(let catalogue, let sequence):
            machine.adopt(catalogue, sequence: sequence)
        case .cut(let request):
            request.contribute(machine.cut())
        }
    }
}
