import Glibc

/// Looking at files while their owner writes them: what is half written looks damaged, or torn, for an
/// instant.
enum SteadyLook {
    /// How often one looks again before what is seen is believed.
    private static let looks = 20
    /// µs between two looks.
    private static let pause: UInt32 = 10_000

    /// What `look` gives as soon as it is complete; the last of several looks if it never is.
    ///
    /// - Throws: what the last look throws; any other fault than `Damage` at once.
    static func at<Value>(
        isComplete: (Value) -> Bool = { _ in true }, _ look: () throws -> Value
    ) throws -> Value {
        for _ in 1..<looks {
            do {
                let value = try look()
                if isComplete(value) { return value }
            } catch is Damage {}
            usleep(pause)
        }
        return try look()
    }
}
