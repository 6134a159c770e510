package import Histogram

extension Histogram<UInt64> {
    /// Of latencies in nanoseconds, told apart by the microsecond and three digits.
    package static var latencies: Self {
        var histogram = Self(
            lowestDiscernibleValue: 1000, highestTrackableValue: 60_000_000_000)
        histogram.autoResize = true
        return histogram
    }
}
