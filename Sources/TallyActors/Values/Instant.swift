/// A point in time: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// The machines never read a clock; an instant always comes to them from outside.
public struct Instant: Hashable, Comparable, Sendable, BitwiseCopyable {
    public var milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    public static func < (left: Instant, right: Instant) -> Bool {
        left.milliseconds < right.milliseconds
    }
}
