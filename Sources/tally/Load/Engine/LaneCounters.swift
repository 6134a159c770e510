import Synchronization

/// How far a lane is, read by another thread while it runs.
final class LaneCounters: Sendable {
    let votes = Atomic<Int>(0)
    let deletions = Atomic<Int>(0)
    let refused = Atomic<Int>(0)
    let sentBytes = Atomic<Int>(0)

    init() {}
}
