import NIOCore
import Synchronization

/// Counts the lanes of a run that are at their end.
final class LaneEnds: Sendable {
    private let lanes: Int
    private let over = Atomic<Int>(0)
    private let failed = Mutex<(any Error)?>(nil)

    init<Script: CommandScript>(_ results: [EventLoopFuture<LaneResult<Script>>]) {
        lanes = results.count
        for result in results {
            result.whenComplete { [self] result in
                if case .failure(let error) = result { failed.withLock { $0 = $0 ?? error } }
                over.add(1, ordering: .releasing)
            }
        }
    }

    var areAll: Bool { over.load(ordering: .acquiring) == lanes }
    /// The first one: what was given up because of it failed later.
    var failure: (any Error)? { failed.withLock { $0 } }
}
