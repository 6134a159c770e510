// Rules over all of one account's votes in a phase: limits, ranks, budgets and the minimum. Since
// the account's votes in a phase lie side by side, each is judged over one short run of words.

extension BallotMachine {
    /// Casts a vote of a phase whose rules are about whole ballots.
    ///
    /// - Parameter slot: the account's, at `place`; empty for an account without votes.
    @inline(never)
    mutating func castByRules(
        _ account: AccountKey, _ vote: VoteWord, _ slot: AccountSlot, at place: AccountTable.Place
    ) -> Outcome.Code {
        let range = store.range(of: vote.phase, in: slot)
        let (index, found) =
            slot.size == AccountSlot.empty ? (0, false) : store.search(slot, place: vote.place)
        if found, store.vote(slot, at: index) == vote { return .unchanged }
        if let refusal = refusal(of: vote, isNew: !found, slot, range) {
            return refusal
        }
        if found {
            let before = store.vote(slot, at: index)
            store.replace(slot, at: index, with: vote)
            guard areEnough(range.count, in: vote.phase) else { return .pendingReplaced }
            count(before, sign: -1)
            count(vote, sign: 1)
            return .replaced
        }
        if range.count + 1 == rules[Int(vote.phase)]!.minimumVotes {
            countBallot(slot, range, in: vote.phase, sign: 1)
        }
        if slot.size == AccountSlot.empty {
            insert(account, vote)
        } else {
            insert(vote, at: index, of: slot, at: place)
        }
        guard areEnough(range.count + 1, in: vote.phase) else {
            locks.lock(phase: vote.phase, proposal: vote.proposal)
            return .pending
        }
        count(vote, sign: 1)
        return .counted
    }

    /// What the rules say against one more vote, or another one in the place of one.
    private func refusal(
        of vote: VoteWord, isNew: Bool, _ slot: AccountSlot, _ range: Range<Int>
    ) -> Outcome.Code? {
        let phase = Int(vote.phase)
        if isNew, range.count >= rules[phase]!.maximumVotes { return .limitReached }
        if rules[phase]!.content == .rank {
            var isTaken = false
            store.forEachVote(of: slot, in: range) { other in
                if other.value == vote.value, other.place != vote.place { isTaken = true }
            }
            return isTaken ? .rankTaken : nil
        }
        if let limit = rules[phase]!.maximumPoints {
            var sum = UInt64(vote.value)
            store.forEachVote(of: slot, in: range) { other in
                if other.place != vote.place { sum += UInt64(other.value) }
            }
            return sum > limit ? .overBudget : nil
        }
        if let budget = rules[phase]!.budget {
            // What is held keeps to the budget, so no sum overflows.
            var sum = rules[phase]!.costs[Int(vote.proposal)]
            store.forEachVote(of: slot, in: range) { other in
                if other.place != vote.place { sum += rules[phase]!.costs[Int(other.proposal)] }
            }
            return sum > budget ? .overBudget : nil
        }
        return nil
    }

    // MARK: - Whole ballots

    /// Replaces all of an account's votes in a phase, all or nothing.
    @inline(never)
    mutating func replaceBallot(
        _ account: AccountKey, _ phase: PhaseNumber, with votes: UnsafeBufferPointer<Command>
    ) -> Outcome.Code {
        if let refusal = takeBallot(votes, in: phase) { return refusal }
        let partition = Partition.of(account) - partitions.lowerBound
        let place = tables[partition].find(account)
        var slot = tables[partition][place]
        if slot.size == AccountSlot.tombstone { return .accountDeleted }
        if let refusal = Self.refusal(in: rules[Int(phase)]!.state) { return refusal }
        let range = store.range(of: phase, in: slot)
        if isUnchanged(slot, range) { return .unchanged }
        if let refusal = refusalOfBallot(in: phase) { return refusal }
        if areEnough(range.count, in: phase) { countBallot(slot, range, in: phase, sign: -1) }
        let isNew = slot.size == AccountSlot.empty
        slot.key = account
        store.replace(range, of: &slot, with: ballot)
        voteCount += ballot.count - range.count
        if isNew {
            tables[partition].insert(slot)
            accountCount += 1
        } else {
            keep(slot, at: place, in: partition)
        }
        if areEnough(ballot.count, in: phase) {
            let now = range.lowerBound..<range.lowerBound + ballot.count
            countBallot(slot, now, in: phase, sign: 1)
            return range.isEmpty ? .counted : .replaced
        }
        if ballot.isEmpty { return .withdrawn }
        for word in ballot {
            locks.lock(phase: phase, proposal: VoteWord(raw: word).proposal)
        }
        return range.isEmpty ? .pending : .pendingReplaced
    }

    /// Takes the votes of a ballot in order of their proposals, if each by itself may be cast.
    private mutating func takeBallot(
        _ votes: UnsafeBufferPointer<Command>, in phase: PhaseNumber
    ) -> Outcome.Code? {
        guard phase < rules.count, let rules = rules[Int(phase)] else { return .unknownPhase }
        guard votes.allSatisfy({ rules.has($0.vote.proposal) }) else { return .unknownProposal }
        ballot.removeAll(keepingCapacity: true)
        for vote in votes {
            guard vote.vote.phase == phase, let content = vote.operation?.content,
                rules.allows(vote.vote.value, as: content)
            else { return .invalidVote }
            ballot.append(vote.vote.raw)
        }
        ballot.sort()
        for index in ballot.indices.dropFirst() {
            let isTwice =
                VoteWord(raw: ballot[index]).place == VoteWord(raw: ballot[index - 1]).place
            if isTwice { return .invalidVote }
        }
        return nil
    }

    private func isUnchanged(_ slot: AccountSlot, _ range: Range<Int>) -> Bool {
        range.count == ballot.count
            && zip(range, ballot).allSatisfy { store.vote(slot, at: $0).raw == $1 }
    }

    /// What the rules say against the ballot that was taken, in the contract's order.
    private func refusalOfBallot(in phase: PhaseNumber) -> Outcome.Code? {
        let rules = rules[Int(phase)]!
        if ballot.count > rules.maximumVotes { return .limitReached }
        if rules.content == .rank {
            let ranks = ballot.map { VoteWord(raw: $0).value }.sorted()
            if zip(ranks, ranks.dropFirst()).contains(where: ==) { return .rankTaken }
        }
        var sum: UInt64 = 0
        for word in ballot {
            let vote = VoteWord(raw: word)
            if let limit = rules.maximumPoints {
                sum += UInt64(vote.value)
                if sum > limit { return .overBudget }
            } else if let budget = rules.budget {
                sum += rules.costs[Int(vote.proposal)]
                if sum > budget { return .overBudget }
            }
        }
        return nil
    }
}
