/// Makes of two clocks one time that never runs backwards, and notices when the wall clock jumps:
/// one jump must not open or end a national vote.
///
/// A pure value: readings come in as arguments.
package struct ClockGuard: Sendable {
    /// How far the two clocks may diverge before the wall clock is no longer believed.
    package static let maximumDivergence: Int64 = 5_000
    /// What a disciplined clock may be slewed by, in milliseconds a second: followed without doubt.
    package static let followedSlew: Int64 = 1

    /// Wall minus monotonic, as last believed.
    private var offset: Int64
    private var lastMonotonic: Int64
    private var last: Instant

    /// - Parameter last: the newest time in the journal; no later stamp is before it.
    package init(start: ClockReading, last: Instant) {
        offset = start.wall.milliseconds - start.monotonic
        lastMonotonic = start.monotonic
        self.last = last
    }

    /// - Returns: the time for the next record, and whether the wall clock is believed; while it is
    ///   not, time goes on by the monotonic clock and timed transitions wait.
    package mutating func stamp(_ reading: ClockReading) -> (instant: Instant, isTrusted: Bool) {
        let divergence = reading.wall.milliseconds - reading.monotonic - offset
        let isTrusted = abs(divergence) <= Self.maximumDivergence
        let elapsed = max(0, reading.monotonic - lastMonotonic)
        if isTrusted {
            let seconds = elapsed / 1000
            let step = seconds * Self.followedSlew
            offset += max(-step, min(step, divergence))
            lastMonotonic += seconds * 1000
        }
        let now =
            isTrusted
            ? reading.wall : Instant(milliseconds: reading.monotonic + offset)
        last = max(last, now)
        return (last, isTrusted)
    }
}
