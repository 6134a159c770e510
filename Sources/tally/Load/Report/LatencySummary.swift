package import Histogram

/// The percentiles that a report shows. Nanoseconds.
package struct LatencySummary: Encodable, Equatable, Sendable {
    package var p50: UInt64
    package var p90: UInt64
    package var p99: UInt64
    package var p999: UInt64
    package var max: UInt64

    package init(_ latencies: Histogram<UInt64>) {
        p50 = latencies.valueAtPercentile(50)
        p90 = latencies.valueAtPercentile(90)
        p99 = latencies.valueAtPercentile(99)
        p999 = latencies.valueAtPercentile(99.9)
        max = latencies.maxRecorded
    }

    package var text: String {
        """
        p50 \(Figures.duration(p50)) · p90 \(Figures.duration(p90)) · \
        p99 \(Figures.duration(p99)) · p99.9 \(Figures.duration(p999)) · \
        max \(Figures.duration(max))
        """
    }
}
