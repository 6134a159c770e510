import Synchronization
package import TallyActors

/// Tells all connections which policy is in force.
package final class AccessControl: Sendable {
    private let current: Mutex<AccessPolicy>
    private let changes = Atomic<UInt64>(0)
    private let clock: any ServiceClock

    package init(_ policy: AccessPolicy, clock: any ServiceClock) {
        current = Mutex(policy)
        self.clock = clock
    }

    package var policy: AccessPolicy { current.withLock { $0 } }

    /// Grows with every change: so that a request costs a look at a number only.
    var version: UInt64 { changes.load(ordering: .acquiring) }

    var now: Instant { clock.read().wall }

    package func enforce(_ policy: AccessPolicy) {
        current.withLock { $0 = policy }
        changes.add(1, ordering: .releasing)
    }
}
