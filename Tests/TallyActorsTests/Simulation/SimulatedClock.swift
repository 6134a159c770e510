import TallyActors

/// Both clocks of a machine: they go on when the simulation says so, and people set the wall clock.
///
/// `@unchecked Sendable`: one thread runs all of a simulation.
final class SimulatedClock: ServiceClock, @unchecked Sendable {
    /// How far the wall clock may be corrected, forth and back, without being doubted.
    static let smallStep = 2_000

    private let fate: Fate
    private(set) var monotonic: Int64 = 5_000
    /// Wall minus monotonic.
    private var offset: Int64 = 1_000_000
    /// As the process read it when it started.
    private var offsetAtStart: Int64 = 1_000_000
    /// When the turn under way began.
    private(set) var turn = ClockReading(wall: .at(0), monotonic: 0)

    init(_ fate: Fate) {
        self.fate = fate
    }

    /// Time passes between two readings.
    func read() -> ClockReading {
        if fate.oneIn(6) { advance(by: fate.int(1..<800)) }
        return now
    }

    private var now: ClockReading {
        ClockReading(wall: .at(monotonic + offset), monotonic: monotonic)
    }

    func advance(by milliseconds: Int) { monotonic += Int64(milliseconds) }

    func beginTurn() { turn = now }

    func processStarts() {
        offsetAtStart = offset
        beginTurn()
    }

    /// What the wall clock would show had nobody set it since the process started.
    var undisturbed: Int64 { monotonic + offsetAtStart }

    /// Whether the process may believe the wall clock.
    var isTrusted: Bool { abs(offset - offsetAtStart) <= Int64(Self.smallStep) }

    /// Somebody sets the wall clock.
    func set() {
        switch fate.int(0..<4) {
        case 0: offset = offsetAtStart
        case 1: offset = offsetAtStart + Int64(fate.int(3_600..<100_000)) * 1000
        case 2: offset = offsetAtStart - Int64(fate.int(3_600..<100_000)) * 1000
        default:
            offset = offsetAtStart + Int64(fate.int(-Self.smallStep..<Self.smallStep + 1))
        }
        fate.note("clock", UInt64(bitPattern: offset))
    }
}
