// Votes of removed phases are nowhere seen from the removal on; their memory is swept step by step,
// so that no turn of a shard costs as much as there are accounts.

/// The chunk of accounts that is swept next.
struct SweepPosition: Sendable {
    var partition = 0
    var chunk = 0
}

extension BallotMachine {
    /// Whether votes of removed phases may still lie in memory.
    package var isSweeping: Bool { sweep != nil }

    /// The votes of an account in phases that were not removed.
    func presentVotes(_ slot: AccountSlot) -> [VoteWord] {
        store.votes(slot).filter { rules[Int($0.phase)] != nil }
    }

    /// Sweeps one chunk of at most 2,048 accounts.
    ///
    /// A chunk that is split meanwhile leaves one half at its place and puts the other behind all
    /// others, so that none is missed.
    package mutating func sweepStep() {
        guard let position = sweep else { return }
        sweepChunk(position)
        if position.chunk + 1 < tables[position.partition].chunks.count {
            sweep = SweepPosition(partition: position.partition, chunk: position.chunk + 1)
        } else if position.partition + 1 < tables.count {
            sweep = SweepPosition(partition: position.partition + 1)
        } else {
            sweep = nil
        }
    }

    private mutating func sweepChunk(_ position: SweepPosition) {
        let partition = position.partition
        var index = 0
        while index < AccountChunk.slotCount {
            var slot = tables[partition].chunks[position.chunk].slots[index]
            guard slot.size != AccountSlot.empty, slot.size != AccountSlot.tombstone else {
                index += 1
                continue
            }
            let present = presentVotes(slot)
            if present.count == Int(slot.size) {
                index += 1
                continue
            }
            voteCount -= Int(slot.size) - present.count
            store.replace(0..<Int(slot.size), of: &slot, with: present.map(\.raw))
            keep(
                slot, at: AccountTable.Place(chunk: position.chunk, index: index), in: partition)
            // An account that is gone leaves its place to another, which is looked at next.
            if slot.size > 0 { index += 1 }
        }
    }
}
