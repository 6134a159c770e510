/// Where time comes from: the one thing that the sequencer asks the outside world for.
public protocol ServiceClock: Sendable {
    func read() -> ClockReading
}

/// Both clocks of the machine, read together.
public struct ClockReading: Sendable, Equatable {
    /// What people call the time; may jump.
    public var wall: Instant
    /// Milliseconds since some moment; never jumps.
    public var monotonic: Int64

    public init(wall: Instant, monotonic: Int64) {
        self.wall = wall
        self.monotonic = monotonic
    }
}
