/// One account in a table, 24 bytes: its key, and where its votes are.
package struct AccountSlot: BitwiseCopyable {
    /// What `size` holds for an account that was deleted: its remembered refusal.
    package static let tombstone = UInt32.max
    /// What `size` holds where there is no account.
    package static let empty: UInt32 = 0

    package var key: AccountKey
    /// Where the votes are kept, as `VoteStore` gave it; 0 for a tombstone.
    package var block: UInt32
    /// How many votes the account has, at least one, or one of the two constants above.
    package var size: UInt32

    package init(key: AccountKey, block: UInt32, size: UInt32) {
        self.key = key
        self.block = block
        self.size = size
    }
}
