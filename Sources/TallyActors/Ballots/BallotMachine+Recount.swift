extension BallotMachine {
    /// All counts and voters of these partitions, counted anew from the votes that are held and
    /// from what deletions froze: the other side of the double entry.
    package func recount() -> CountChanges {
        var ledger = CountLedger()
        for table in tables {
            for chunk in table.chunks {
                for index in 0..<AccountChunk.slotCount {
                    let slot = chunk.slots[index]
                    guard slot.size != AccountSlot.empty, slot.size != AccountSlot.tombstone
                    else { continue }
                    count(slot, in: &ledger)
                }
            }
        }
        for (number, phase) in frozen.phases.enumerated() {
            guard let phase else { continue }
            let number = PhaseNumber(number)
            for (cell, count) in phase.counts.enumerated() where count != 0 {
                ledger.add(
                    Int32(count), phase: number,
                    proposal: ProposalNumber(cell / phase.optionCount),
                    option: cell % phase.optionCount, of: phase.optionCount)
            }
            ledger.addVoter(Int32(phase.voters), phase: number, of: phase.optionCount)
        }
        return ledger.take { _, _ in }
    }

    private func count(_ slot: AccountSlot, in ledger: inout CountLedger) {
        var phase: PhaseNumber?
        for index in 0..<Int(slot.size) {
            let vote = store.vote(slot, at: index)
            let (optionCount, option) = cell(of: vote)
            ledger.add(
                1, phase: vote.phase, proposal: vote.proposal, option: option, of: optionCount)
            if vote.phase != phase { ledger.addVoter(1, phase: vote.phase, of: optionCount) }
            phase = vote.phase
        }
    }
}
