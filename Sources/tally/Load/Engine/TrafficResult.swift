package import Histogram

/// What came back for the lines of one kind that a lane sent.
package struct TrafficResult: Sendable {
    /// By line, from its scheduled time.
    package var latencies = Histogram<UInt64>.latencies
    /// Lines that were acknowledged, refused ones too.
    package var acknowledged = 0
    package var refusals: [String: Int] = [:]
    /// The totals that the server gave at the end, by name.
    package var totals: [String: Int] = [:]
    package var sentBytes = 0
    /// The time of the last acknowledgement, in nanoseconds of the monotonic clock; 0: none.
    package var lastAcknowledgedAt: UInt64 = 0

    package init() {}

    package mutating func add(_ other: TrafficResult) {
        latencies.add(other.latencies)
        acknowledged += other.acknowledged
        refusals.merge(other.refusals, uniquingKeysWith: +)
        totals.merge(other.totals, uniquingKeysWith: +)
        sentBytes += other.sentBytes
        lastAcknowledgedAt = max(lastAcknowledgedAt, other.lastAcknowledgedAt)
    }
}
