extension BallotMachine {
    /// Puts back an account as a snapshot holds it: a tombstone when it has no votes.
    ///
    /// - Parameter votes: 64-bit vote words, sorted; they follow those that the account has.
    mutating func restore(_ account: AccountKey, _ votes: UnsafeRawBufferPointer) {
        let partition = Partition.of(account) - partitions.lowerBound
        let place = tables[partition].find(account)
        var slot = tables[partition][place]
        let count = votes.count / 8
        if slot.size == AccountSlot.empty {
            guard count > 0 else {
                tables[partition].insert(
                    AccountSlot(key: account, block: 0, size: AccountSlot.tombstone))
                return noteRestored(accounts: 0, votes: 0, tombstones: 1)
            }
            slot = AccountSlot(key: account, block: 0, size: 0)
            store.fill(&slot, with: votes)
            tables[partition].insert(slot)
            return noteRestored(accounts: 1, votes: count, tombstones: 0)
        }
        precondition(slot.size != AccountSlot.tombstone, "a deleted account with votes")
        for index in 0..<count {
            let word = votes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)
            store.insert(VoteWord(raw: word), at: Int(slot.size), of: &slot)
        }
        tables[partition][place] = slot
        noteRestored(accounts: 0, votes: count, tombstones: 0)
    }
}
