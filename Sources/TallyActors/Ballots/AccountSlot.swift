/// One account in a table, 24 bytes: its key, and where its votes are.
struct AccountSlot: BitwiseCopyable {
    /// What `size` holds for an account that was deleted: its remembered refusal.
    static let tombstone = UInt32.max
    /// What `size` holds where there is no account.
    static let empty: UInt32 = 0

    var key: AccountKey
    /// Where the votes are kept, as `VoteStore` gave it; 0 for a tombstone.
    var block: UInt32
    /// How many votes the account has, at least one, or one of the two constants above.
    var size: UInt32
}
