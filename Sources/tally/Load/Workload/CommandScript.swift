/// What one stream of votes and one of deletions beside it send, in their order. A script is confined to
/// its own accounts, so that its order alone decides what the tally must be.
package protocol CommandScript: Sendable {
    /// The next line of votes; nil when there is none, for now or for ever.
    mutating func nextVote(_ acknowledged: Acknowledged) -> VoteCommand?
    /// The next account to delete; nil when there is none, for now or for ever.
    mutating func nextDeletion(_ acknowledged: Acknowledged) -> Int?
    /// No line of votes follows.
    var votesAreOver: Bool { get }
    /// No deletion follows.
    var deletionsAreOver: Bool { get }
    /// The time is up: what has begun is brought to its end, nothing else begins.
    mutating func stop()
}
