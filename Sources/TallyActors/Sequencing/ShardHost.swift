import Dispatch
import Glibc

/// Where shards take their turns and long work is done: on the cooperative pool and on threads of its
/// own; in simulations by a scheduler that a seed drives.
package protocol ShardHost: Sendable {
    func host(_ worker: BallotWorker) -> any BallotInlet
    func host(_ machine: TallyMachine) -> any TallyInlet
    /// Does long work beside everything else.
    func background(_ label: String, _ work: @escaping @Sendable () -> Void)
    /// Called by background work between two pieces of a snapshot: votes come first.
    func rest(afterWriting bytes: Int)
    /// Called by a thread that is about to wait for the shards.
    func letShardsWork()
}

extension ShardHost {
    /// Where no time passes, there is nothing to wait for.
    package func rest(afterWriting bytes: Int) {}
}

/// How a ballot shard is spoken to. Filled by one side only, so that messages are handled in the
/// order in which they were sent.
package protocol BallotInlet: Sendable {
    var partitions: Range<Int> { get }
    var currentStatistics: BallotStatistics { get }
    func send(_ message: BallotMessage)
}

/// How a tally shard is spoken to.
package protocol TallyInlet: Sendable {
    /// - Returns: whether `wake` must be called: not under a lock.
    func put(_ message: TallyMessage) -> Bool
    func wake()
}

/// The real thing: actors and threads.
package struct ActorHost: ShardHost {
    package init() {}

    package func host(_ worker: BallotWorker) -> any BallotInlet { BallotShard(worker: worker) }

    package func host(_ machine: TallyMachine) -> any TallyInlet { TallyShard(machine: machine) }

    package func background(_ label: String, _ work: @escaping @Sendable () -> Void) {
        DispatchQueue(label: label, qos: .utility).async(execute: work)
    }

    /// How fast a snapshot is written: slow enough that neither the disk nor a core is missed by
    /// the votes beside it. A hundred million votes take sixteen seconds.
    package static let snapshotBytesPerSecond = 64 << 20

    package func rest(afterWriting bytes: Int) {
        usleep(UInt32(bytes * 1_000_000 / Self.snapshotBytesPerSecond))
    }

    package func letShardsWork() {}
}
