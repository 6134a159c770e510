package import NIOCore

/// How many requests one bearer may make (GCRA, the leaky bucket as a meter). The time comes from
/// outside.
package struct RequestRate: Equatable, Sendable {
    /// Requests a second, on the average; 0 is no limit.
    package var perSecond: Int
    /// Requests that may come at once.
    package var burst: Int

    package init(perSecond: Int, burst: Int) {
        self.perSecond = perSecond
        self.burst = burst
    }

    /// What a bearer is told.
    package struct Answer: Equatable, Sendable {
        package var isAdmitted: Bool
        /// Requests that it may make now.
        package var remaining: Int
        /// Seconds, rounded up, until it may make one more than that.
        package var wait: Int

        package init(isAdmitted: Bool, remaining: Int, wait: Int) {
            self.isAdmitted = isAdmitted
            self.remaining = remaining
            self.wait = wait
        }
    }

    /// Nanoseconds that one request takes.
    private var interval: Int64 { 1_000_000_000 / Int64(perSecond) }

    /// - Parameter debt: by when everything that was admitted is paid for; moves when it is admitted.
    package func admit(_ debt: inout NIODeadline, at now: NIODeadline) -> Answer {
        precondition(perSecond > 0 && burst > 0, "a rate that is none")
        let interval = interval
        let room = interval * Int64(burst)
        let start = max(debt, now)
        let owed = (start - now).nanoseconds
        let isAdmitted = owed + interval <= room
        if isAdmitted { debt = start + .nanoseconds(interval) }
        let left = room - (max(debt, now) - now).nanoseconds
        let remaining = Int(left / interval)
        let next = interval - left % interval
        return Answer(
            isAdmitted: isAdmitted, remaining: remaining,
            wait: Int((next + 999_999_999) / 1_000_000_000))
    }
}
