internal import NIOCore
internal import Synchronization

/// The rates of all bearers that have one, shared by all event loops.
final class RequestRates: Sendable {
    private struct State {
        var debts: [Bearer: NIODeadline] = [:]
        /// Those that are paid are forgotten when there are this many.
        var sweepAt = RequestRates.leastSweep
    }

    private static let leastSweep = 4096

    private let limits: RequestLimits
    private let meter: LimitMeter
    private let state = Mutex(State())

    init(_ limits: RequestLimits, _ meter: LimitMeter) {
        self.limits = limits
        self.meter = meter
    }

    /// Counts a request.
    ///
    /// - Returns: nil when its bearer has no rate.
    func admit(_ identity: Identity, at now: @autoclosure () -> NIODeadline) -> RateLimitFields? {
        if case .anonymous = identity.bearer { return nil }
        let (limit, rate): (Limit, RequestRate) =
            identity.ownAccount == nil
            ? (.tokenRate, limits.tokenRate) : (.citizenRate, limits.citizenRate)
        guard rate.perSecond > 0 else { return nil }
        let now = now()
        let answer = state.withLock { state in
            if state.debts.count >= state.sweepAt {
                state.debts = state.debts.filter { $0.value > now }
                state.sweepAt = max(Self.leastSweep, 2 * state.debts.count)
            }
            return rate.admit(&state.debts[identity.bearer, default: now], at: now)
        }
        if !answer.isAdmitted { meter.count(limit) }
        return RateLimitFields(limit: limit, rate: rate, answer: answer)
    }
}
