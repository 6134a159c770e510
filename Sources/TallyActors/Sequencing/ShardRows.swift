import Dispatch
import Synchronization

/// The two rows of actors, and how the sequencer's thread speaks to them.
package struct ShardRows: Sendable {
    let ballots: [any BallotInlet]
    package let tallies: TallyRow
    let host: any ShardHost

    /// - Parameters:
    ///   - machines: one a shard, together owning all partitions, in order.
    ///   - changes: the recount of the machines; the tally shards start from it.
    init(
        machines: [BallotMachine], changes: [CountChanges], tallyShards: Int, host: any ShardHost,
        catalogue: Catalogue, position: UInt64, instant: Instant
    ) {
        let row = TallyRow(
            shards: (0..<tallyShards).map { shard in
                var machine = TallyMachine(shard: shard, of: tallyShards, position: position)
                machine.configure(catalogue)
                machine.restore(changes)
                return host.host(machine)
            }, catalogue: catalogue, position: position, instant: instant)
        tallies = row
        ballots = machines.map {
            host.host(BallotWorker(machine: $0, row: row, position: position))
        }
        self.host = host
    }

    func apply(_ record: OrderedRecord) {
        for shard in ballots { shard.send(.record(record)) }
    }

    /// Returns when every shard judges by this catalogue. Blocks the calling thread.
    func adopt(_ catalogue: Catalogue, sequence: UInt64, instant: Instant) {
        let rendezvous = Rendezvous(parties: ballots.count)
        for shard in ballots {
            shard.send(.adopt(catalogue, sequence: sequence, instant: instant, rendezvous))
        }
        host.letShardsWork()
        rendezvous.wait()
    }

    /// What has had an accepted vote up to the last record given to `apply`. Blocks the calling
    /// thread until the shards have applied it.
    func gatherLocks() -> VoteLocks {
        gather { .gatherLocks($0) }.reduce(into: VoteLocks()) { $0.formUnion($1) }
    }

    /// The machines as they are after the last record given to `apply`. Blocks the calling thread
    /// until the shards have applied it; costs no copy.
    package func freeze() -> [BallotMachine] {
        gather { .freeze($0) }
    }

    /// Returns when the shards have applied the last record given to `apply`: it has been handed over
    /// to the tally row, and its batches have come back. Blocks the calling thread.
    func settle() {
        let _: [VoteLocks] = gather { .gatherLocks($0) }
    }

    /// One answer of each ballot shard.
    private func gather<Part>(_ message: (Gathering<Part>) -> BallotMessage) -> [Part] {
        let gathering = Gathering<Part>(parties: ballots.count)
        for shard in ballots { shard.send(message(gathering)) }
        host.letShardsWork()
        return gathering.wait()
    }

    /// The counts after the last record given to `apply`. Blocks the calling thread.
    package func settledCut() -> Cut {
        settle()
        let semaphore = DispatchSemaphore(value: 0)
        let result = Mutex<Cut?>(nil)
        tallies.withCut { cut in
            result.withLock { $0 = cut }
            semaphore.signal()
        }
        host.letShardsWork()
        semaphore.wait()
        guard let cut = result.withLock({ $0 }) else { preconditionFailure("no cut was made") }
        return cut
    }

    package func read(_ account: AccountKey, _ reply: @escaping @Sendable (AccountVotes) -> Void) {
        let partition = Partition.of(account)
        guard let shard = ballots.first(where: { $0.partitions.contains(partition) }) else {
            preconditionFailure("a partition without a shard")
        }
        shard.send(.read(account, reply))
    }

    var statistics: BallotStatistics {
        var sum = BallotStatistics()
        for shard in ballots { sum.add(shard.currentStatistics) }
        return sum
    }
}
