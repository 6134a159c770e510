/// When the lines of one lane are due, if they come at a rate of their own (an open loop): what a stalled
/// server makes late counts as late.
package struct Pacing: Equatable, Sendable {
    /// Nanoseconds between two looks at the clock. Lines that are due within one go out together.
    package static let tick: UInt64 = 1_000_000

    private let start: UInt64
    private let interval: Double

    /// - Parameters:
    ///   - start: nanoseconds; when the first line is due.
    ///   - rate: lines per second.
    package init(start: UInt64, rate: Double) {
        self.start = start
        interval = 1e9 / rate
    }

    /// When the line number `line` (from 0) is due.
    package func time(of line: Int) -> UInt64 {
        start + UInt64(Double(line) * interval)
    }

    /// How many lines are due by `now`.
    package func due(by now: UInt64) -> Int {
        now < start ? 0 : Int(Double(now - start) / interval) + 1
    }

    /// The most lines that are due within a tick.
    package var linesPerTick: Int {
        max(1, Int(Double(Self.tick) / interval))
    }
}
