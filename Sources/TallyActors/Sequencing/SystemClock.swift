import Glibc

/// The machine's own clocks.
public struct SystemClock: ServiceClock {
    public init() {}

    public func read() -> ClockReading {
        ClockReading(
            wall: Instant(milliseconds: Self.milliseconds(CLOCK_REALTIME)),
            monotonic: Self.milliseconds(CLOCK_BOOTTIME))
    }

    private static func milliseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        precondition(clock_gettime(clock, &time) == 0, "the machine has no such clock")
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
