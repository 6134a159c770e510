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

    /// Which rate holds for a bearer; nil when it has none.
    func limit(_ identity: Identity) -> Limit? {
        if case .anonymous = identity.bearer { return nil }
        let limit: Limit = identity.ownAccount == nil ? .tokenRate : .citizenRate
        return rate(limit).perSecond > 0 ? limit : nil
    }

    private func rate(_ limit: Limit) -> RequestRate {
        limit == .citizenRate ? limits.citizenRate : limits.tokenRate
    }

    /// Counts a request of a bearer that has a rate.
    func admit(_ identity: Identity, _ limit: Limit, at now: NIODeadline) -> RateLimitFields {
        let rate = rate(limit)
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
