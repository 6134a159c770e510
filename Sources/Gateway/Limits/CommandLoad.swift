internal import Synchronization

/// The commands of single requests that wait to become durable, of all connections.
final class CommandLoad: Sendable {
    private let waiting = Atomic(0)
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    var isFull: Bool { waiting.load(ordering: .relaxed) >= limit }

    func begin(_ count: Int) { waiting.add(count, ordering: .relaxed) }

    func end(_ count: Int) { waiting.subtract(count, ordering: .relaxed) }
}
