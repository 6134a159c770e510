import NIOCore

/// The time for latencies: nanoseconds of the monotonic clock.
package enum MonotonicClock {
    package static var now: UInt64 { NIODeadline.now().uptimeNanoseconds }
}
