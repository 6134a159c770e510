import Dispatch
import Synchronization

/// Where the sequencer's thread waits until every ballot shard has passed one point.
///
/// Only threads that are not the cooperative pool's may wait here.
package final class Rendezvous: Sendable {
    private let remaining: Atomic<Int>
    private let semaphore = DispatchSemaphore(value: 0)

    init(parties: Int) {
        remaining = Atomic(parties)
    }

    /// - Returns: true for the last to arrive, who must call `open` when it has done its part.
    func arrive() -> Bool {
        remaining.subtract(1, ordering: .acquiringAndReleasing).newValue == 0
    }

    func open() { semaphore.signal() }

    func wait() { semaphore.wait() }
}
