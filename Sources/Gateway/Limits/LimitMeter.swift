internal import Synchronization

/// Counts how often each limit was run into. Shared by all connections.
package final class LimitMeter: Sendable {
    private final class Counter: Sendable {
        let value = Atomic<UInt64>(0)
    }

    private let counters = Limit.allCases.map { _ in Counter() }

    package init() {}

    package func count(_ limit: Limit) {
        counters[limit.index].value.add(1, ordering: .relaxed)
    }

    package func hits(_ limit: Limit) -> UInt64 {
        counters[limit.index].value.load(ordering: .relaxed)
    }
}
