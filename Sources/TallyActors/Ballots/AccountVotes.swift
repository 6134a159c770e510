/// Everything held about one account at a journal position.
public struct AccountVotes: Sendable {
    public let sequence: UInt64
    /// The account was deleted: nothing but the refusal is held.
    public let isDeleted: Bool
    /// Sorted by phase number, then by proposal number.
    public let votes: [VoteWord]
}
