import Synchronization

/// Collects one answer from each ballot shard for a thread that waits for all of them.
package final class Gathering<Part: Sendable>: Sendable {
    private let rendezvous: Rendezvous
    private let parts = Mutex<[Part]>([])

    init(parties: Int) {
        rendezvous = Rendezvous(parties: parties)
    }

    func contribute(_ part: Part) {
        parts.withLock { $0.append(part) }
        if rendezvous.arrive() { rendezvous.open() }
    }

    /// Blocks the calling thread, which is not one of the cooperative pool.
    func wait() -> [Part] {
        rendezvous.wait()
        return parts.withLock { $0 }
    }
}
