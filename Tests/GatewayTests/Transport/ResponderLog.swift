import Synchronization

/// What the responders of a test server were told, over all connections.
final class ResponderLog: Sendable {
    struct Counts: Equatable {
        var begun = 0
        var received = 0
        var ended = 0
        var aborted = 0
        var drained = 0
        var connectionsClosed = 0
    }

    private let state = Mutex(Counts())

    var counts: Counts { state.withLock { $0 } }

    func note(_ change: (inout Counts) -> Void) {
        state.withLock { change(&$0) }
    }

    /// Waits until `condition` holds; false after five seconds.
    func reaches(_ condition: (Counts) -> Bool) async throws -> Bool {
        for _ in 0..<500 {
            if condition(counts) { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return condition(counts)
    }
}
