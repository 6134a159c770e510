import Persistence

/// What a ballot shard does with its messages, one after the other: a `BallotMachine` and what it
/// tells others. Everything but where and when it runs.
package struct BallotWorker: Sendable {
    let published: PublishedStatistics
    private var machine: BallotMachine
    private let row: TallyRow
    private var position: UInt64
    private var statistics = BallotStatistics()

    /// - Parameter position: of the last record that the machine has applied.
    init(machine: BallotMachine, row: TallyRow, position: UInt64) {
        self.machine = machine
        self.row = row
        self.position = position
        statistics.take(from: machine)
        published = PublishedStatistics(statistics)
    }

    package var partitions: Range<Int> { machine.partitions }
    package var currentStatistics: BallotStatistics { published.current }

    package mutating func handle(_ message: BallotMessage) {
        switch message {
        case .record(let record):
            apply(record)
        case .adopt(let catalogue, let sequence, let instant, let rendezvous):
            machine.adopt(catalogue)
            position = sequence
            if rendezvous.arrive() {
                row.handOver(catalogue, sequence: sequence, instant: instant)
                rendezvous.open()
            }
        case .gatherLocks(let gathering):
            gathering.contribute(machine.locks)
        case .freeze(let machines):
            machines.contribute(machine)
        case .read(let account, let reply):
            let votes = machine.votes(of: account)
            reply(
                AccountVotes(sequence: position, isDeleted: votes == nil, votes: votes ?? []))
        }
    }

    private mutating func apply(_ record: OrderedRecord) {
        for batch in record.batches where batch.refusal == nil {
            machine.apply(batch, counting: &statistics)
        }
        position = record.last
        // Before anybody is told: figures that are read after an outcome include it.
        publish()
        if let parts = record.contribute(machine.takeChanges()) {
            row.handOver(record, parts: parts)
            for batch in record.batches {
                batch.appliedSequence = record.last
                Failpoint.acknowledging { batch.completion.batchApplied(batch) }
            }
        }
    }

    /// Whether votes of removed phases may still lie in memory.
    package var isSweeping: Bool { machine.isSweeping }

    package mutating func sweepStep() {
        machine.sweepStep()
        publish()
    }

    private mutating func publish() {
        statistics.take(from: machine)
        published.current = statistics
    }
}
