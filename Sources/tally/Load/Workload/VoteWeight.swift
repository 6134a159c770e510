/// What a vote adds to the figures of its proposal.
package enum VoteWeight: Equatable, Sendable {
    /// One to the figure that its option names.
    case one
    /// One to the votes, and to the points `first + step * option`.
    case points(first: Int, step: Int)
}
