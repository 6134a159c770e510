import Synchronization
import TallyActors

/// The real shards, but for counts that get lost on their way once a test says so.
final class LossyHost: ShardHost {
    private final class Inlet: TallyInlet {
        private let inner: any TallyInlet
        private let host: LossyHost

        init(_ inner: any TallyInlet, _ host: LossyHost) {
            self.inner = inner
            self.host = host
        }

        func put(_ message: TallyMessage) -> Bool {
            guard case .fold(var parts, let first, let last) = message, host.loses() else {
                return inner.put(message)
            }
            for index in parts.indices { parts[index].cells.removeAll() }
            return inner.put(.fold(parts, first: first, last: last))
        }

        func wake() { inner.wake() }
    }

    private let actors = ActorHost()
    private let isLossy = Atomic(false)

    /// From now on the records that the tally shards get are without counts.
    func loseCounts() { isLossy.store(true, ordering: .sequentiallyConsistent) }

    fileprivate func loses() -> Bool { isLossy.load(ordering: .sequentiallyConsistent) }

    func host(_ worker: BallotWorker) -> any BallotInlet { actors.host(worker) }

    func host(_ machine: TallyMachine) -> any TallyInlet { Inlet(actors.host(machine), self) }

    func background(_ label: String, _ work: @escaping @Sendable () -> Void) {
        actors.background(label, work)
    }

    func letShardsWork() {}
}
