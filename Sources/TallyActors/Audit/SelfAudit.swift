/// Compares the counts of the tally shards with a recount of all votes: the double entry, for ever.
///
/// The recount works on copies of the ballot shards' machines that share their memory with the
/// running ones, on a thread of its own; what it costs the shards is the copying of what they change
/// meanwhile. It begins again when at least `1 / budget` times as long as the last one took has passed.
package struct SelfAudit: Sendable {
    /// The share of the time that an audit may be under way.
    package static let budget = 0.01
    /// Milliseconds that lie at least between the beginnings of two audits.
    package static let minimumInterval: Int64 = 60_000

    private var nextAt: Int64
    private var beganAt: Int64?

    package init(monotonic: Int64) {
        nextAt = monotonic + Self.minimumInterval
    }

    /// Whether the next is to begin.
    ///
    /// - Parameter monotonic: milliseconds of a clock that never jumps.
    package func isDue(monotonic: Int64) -> Bool { beganAt == nil && monotonic >= nextAt }

    package mutating func begin(monotonic: Int64) {
        precondition(beganAt == nil, "two audits are under way")
        beganAt = monotonic
    }

    package mutating func end(monotonic: Int64) {
        guard let began = beganAt else { preconditionFailure("no audit is under way") }
        beganAt = nil
        let taken = Double(monotonic - began)
        nextAt = began + max(Self.minimumInterval, Int64(taken / Self.budget))
    }
}
