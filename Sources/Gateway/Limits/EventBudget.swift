package import NIOCore

/// How many events of a kind one peer may cause: a store that is full in the beginning and is
/// refilled at a constant rate (a token bucket). The time comes from outside.
package struct EventBudget: Sendable {
    package struct Size: Equatable, Sendable {
        /// What the store holds.
        package var burst: Int
        /// What is refilled in a second.
        package var perSecond: Int

        package init(burst: Int, perSecond: Int) {
            self.burst = burst
            self.perSecond = perSecond
        }
    }

    private let size: Size
    /// In events times 10^9: nothing is rounded.
    private var store: Int
    private var refilled: NIODeadline?

    private static let unit = 1_000_000_000

    package init(_ size: Size) {
        self.size = size
        store = size.burst * Self.unit
    }

    /// - Returns: false when the store holds less than `cost`: the limit is crossed.
    package mutating func spend(_ cost: Int = 1, at now: NIODeadline) -> Bool {
        refill(now)
        store -= cost * Self.unit
        return store >= 0
    }

    /// What a peer may do more because of what was done for it.
    package mutating func grant(_ count: Int) {
        store = min(store + count * Self.unit, size.burst * Self.unit)
    }

    private mutating func refill(_ now: NIODeadline) {
        defer { refilled = now }
        guard let refilled, now > refilled, store < size.burst * Self.unit else { return }
        let (gain, isMuch) = Int((now - refilled).nanoseconds)
            .multipliedReportingOverflow(by: size.perSecond)
        let full = size.burst * Self.unit
        store = isMuch || gain >= full - store ? full : store + gain
    }
}
