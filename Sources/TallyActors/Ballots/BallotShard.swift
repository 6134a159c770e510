/// The actor round one `BallotWorker`.
///
/// It takes its messages from a mailbox that the sequencer alone fills with records, so their
/// order is the journal's. It never awaits in the middle of a turn.
actor BallotShard: BallotInlet {
    nonisolated let partitions: Range<Int>
    private nonisolated let mailbox = Mailbox<BallotMessage>()
    private nonisolated let published: PublishedStatistics
    private var worker: BallotWorker
    private var isSweepUnderway = false

    init(worker: BallotWorker) {
        self.worker = worker
        partitions = worker.partitions
        published = worker.published
    }

    nonisolated var currentStatistics: BallotStatistics { published.current }

    nonisolated func send(_ message: BallotMessage) {
        if mailbox.put(message) { Task { await self.work() } }
    }

    /// One job handles what has gathered, and lets others have the thread before the next: a tally
    /// shard that owes a reader a cut does not wait for a stream of votes to end.
    private func work() {
        let messages = mailbox.take()
        if messages.isEmpty { return }
        for message in messages { worker.handle(message) }
        startSweep()
        Task { work() }
    }

    /// Sweeps beside everything else, a chunk a turn. What a turn between two of these sees does not
    /// depend on how far it has come.
    private func startSweep() {
        guard worker.isSweeping, !isSweepUnderway else { return }
        isSweepUnderway = true
        Task { sweep() }
    }

    private func sweep() {
        worker.sweepStep()
        isSweepUnderway = false
        startSweep()
    }
}
