import Synchronization

/// The actor round one `BallotMachine`: it owns the accounts of some partitions.
///
/// It takes its messages from a mailbox that the sequencer alone fills with records, so their
/// order is the journal's. It never awaits in the middle of a turn.
actor BallotShard {
    enum Message: Sendable {
        case record(OrderedRecord)
        /// The catalogue that the command at `sequence` made.
        case adopt(Catalogue, sequence: UInt64, instant: Instant, Rendezvous)
        case gatherLocks(Gathering<VoteLocks>)
        case recount(Gathering<CountChanges>)
        /// Gives a copy of the machine that shares its memory until one side writes.
        case freeze(Gathering<BallotMachine>)
        case read(AccountKey, @Sendable (AccountVotes) -> Void)
    }

    nonisolated let partitions: Range<Int>
    private nonisolated let mailbox = Mailbox<Message>()
    private nonisolated let published: Mutex<BallotStatistics>
    private var machine: BallotMachine
    private let row: TallyRow
    private var position: UInt64
    private var statistics: BallotStatistics
    private var isSweepUnderway = false

    init(machine: BallotMachine, row: TallyRow, position: UInt64) {
        self.machine = machine
        self.row = row
        self.position = position
        partitions = machine.partitions
        var statistics = BallotStatistics()
        statistics.take(from: machine)
        self.statistics = statistics
        published = Mutex(statistics)
    }

    nonisolated var currentStatistics: BallotStatistics { published.withLock { $0 } }

    nonisolated func send(_ message: Message) {
        if mailbox.put(message) { Task { await self.work() } }
    }

    /// One job handles what has gathered, and lets others have the thread before the next: a tally
    /// shard that owes a reader a cut does not wait for a stream of votes to end.
    private func work() {
        let messages = mailbox.take()
        if messages.isEmpty { return }
        for message in messages { handle(message) }
        Task { work() }
    }

    private func handle(_ message: Message) {
        switch message {
        case .record(let record):
            for batch in record.batches where batch.refusal == nil {
                machine.apply(batch, counting: &statistics)
            }
            position = record.last
            // Before anybody is told: figures that are read after an outcome include it.
            statistics.take(from: machine)
            published.withLock { $0 = statistics }
            if let parts = record.contribute(machine.takeChanges()) {
                row.handOver(record, parts: parts)
                for batch in record.batches {
                    batch.appliedSequence = record.last
                    batch.completion.batchApplied(batch)
                }
            }
        case .adopt(let catalogue, let sequence, let instant, let rendezvous):
            machine.adopt(catalogue)
            startSweep()
            position = sequence
            if rendezvous.arrive() {
                row.handOver(catalogue, sequence: sequence, instant: instant)
                rendezvous.open()
            }
        case .gatherLocks(let gathering):
            gathering.contribute(machine.locks)
        case .recount(let recounts):
            recounts.contribute(machine.recount())
        case .freeze(let machines):
            machines.contribute(machine)
        case .read(let account, let reply):
            let votes = machine.votes(of: account)
            reply(
                AccountVotes(sequence: position, isDeleted: votes == nil, votes: votes ?? []))
        }
    }

    /// Sweeps away the votes of removed phases beside everything else, a chunk a turn. What a turn
    /// between two of these sees does not depend on how far it has come.
    private func startSweep() {
        guard machine.isSweeping, !isSweepUnderway else { return }
        isSweepUnderway = true
        Task { sweep() }
    }

    private func sweep() {
        machine.sweepStep()
        statistics.take(from: machine)
        published.withLock { $0 = statistics }
        isSweepUnderway = false
        startSweep()
    }
}
