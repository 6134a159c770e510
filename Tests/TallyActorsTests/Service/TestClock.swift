import Synchronization
import TallyActors

/// A clock that stands still until a test moves it.
final class TestClock: ServiceClock {
    private let now: Mutex<ClockReading>

    init(_ milliseconds: Int64 = 1_000_000) {
        now = Mutex(ClockReading(wall: .at(milliseconds), monotonic: milliseconds))
    }

    func read() -> ClockReading { now.withLock { $0 } }

    func advance(by milliseconds: Int64) {
        now.withLock {
            $0.wall.milliseconds += milliseconds
            $0.monotonic += milliseconds
        }
    }

    /// Moves the wall clock alone.
    func jump(by milliseconds: Int64) {
        now.withLock { $0.wall.milliseconds += milliseconds }
    }
}
