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
                    count, phase: number,
                    proposal: ProposalNumber(cell / phase.optionCount),
                    option: cell % phase.optionCount, of: phase.optionCount)
            }
            ledger.addVoter(phase.voters, phase: number, of: phase.optionCount)
        }
        return ledger.take { _, _ in }
    }

    private func count(_ slot: AccountSlot, in ledger: inout CountLedger) {
        var start = 0
        while start < Int(slot.size) {
            let phase = store.vote(slot, at: start).phase
            let end = endOfPhase(slot, from: start)
            if rules[Int(phase)] != nil, areEnough(end - start, in: phase) {
                for index in start..<end {
                    let vote = store.vote(slot, at: index)
                    ledger.add(
                        rules[Int(phase)]!.contribution(of: vote), of: vote, sign: 1)
                }
                ledger.addVoter(1, phase: phase, of: rules[Int(phase)]!.optionCount)
            }
            start = end
        }
    }
}
