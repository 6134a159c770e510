/// The heart: the accounts of some partitions, and every rule about one account's votes.
///
/// A pure, synchronous, deterministic state machine: commands in, outcomes out; no clock, no
/// randomness, no I/O. The same commands in the same order give the same state on any machine.
/// Applying is total: whatever a journal holds gets an outcome.
package struct BallotMachine: Sendable {
    /// The partitions that this machine owns.
    package let partitions: Range<Int>
    /// By partition, from the first one owned.
    var tables: [AccountTable]
    var store = VoteStore()
    var ledger = CountLedger()
    package internal(set) var locks = VoteLocks()
    package internal(set) var frozen = FrozenSums()
    /// By phase number; nil where the phase was removed.
    private(set) var rules: ContiguousArray<PhaseRules?> = []
    /// Where the removal of votes in removed phases goes on; nil when there are none.
    var sweep: SweepPosition?
    /// A ballot's votes while they are judged.
    var ballot: ContiguousArray<UInt64> = []
    /// A sum of what was read ahead: it says nothing, but keeps the reading from being left out.
    var fetched: UInt64 = 0
    /// Votes and accounts that exist now, tombstones apart.
    package internal(set) var voteCount = 0
    package internal(set) var accountCount = 0
    package private(set) var tombstoneCount = 0

    package init(partitions: Range<Int>) {
        self.partitions = partitions
        tables = []
        for _ in partitions { tables.append(AccountTable()) }
    }

    /// Takes the states and rules of a catalogue: they hold for every command after its position.
    package mutating func adopt(_ catalogue: Catalogue) {
        for (number, entry) in catalogue.phases.enumerated() {
            let before = number < rules.count ? rules[number] : nil
            let after = entry.map { PhaseRules($0) }
            if number < rules.count { rules[number] = after } else { rules.append(after) }
            if after == nil || after!.state == .closed
                || before?.optionCount != after!.optionCount
            {
                ledger.forget(PhaseNumber(number))
            }
            if after == nil {
                frozen.forget(PhaseNumber(number))
                // Only a closed phase may be removed with its votes.
                if before?.state == .closed { sweep = SweepPosition() }
            }
        }
    }

    @inline(__always)
    package func owns(_ account: AccountKey) -> Bool {
        partitions.contains(Partition.of(account))
    }

    /// Applies one command of an account that this machine owns.
    ///
    /// - Parameter votes: the casts that follow a ballot's head.
    @inline(__always)
    package mutating func apply(
        _ command: Command,
        votes: UnsafeBufferPointer<Command> = UnsafeBufferPointer(start: nil, count: 0)
    ) -> Outcome {
        switch command.operation {
        case .castNothing: Outcome(cast(command.account, command.vote, .nothing))
        case .castChoice: Outcome(cast(command.account, command.vote, .choice))
        case .castRank: Outcome(cast(command.account, command.vote, .rank))
        case .castPoints: Outcome(cast(command.account, command.vote, .points))
        case .withdraw: Outcome(withdraw(command.account, command.vote))
        case .deleteAccount: delete(command.account)
        case .ballot: Outcome(replaceBallot(command.account, command.vote.phase, with: votes))
        case nil: Outcome(.invalidVote)
        }
    }

    /// What all commands since the last call changed in the counts; every accepted vote among
    /// them has locked its proposal.
    package mutating func takeChanges() -> CountChanges {
        var locks = VoteLocks()
        swap(&locks, &self.locks)
        let changes = ledger.take { phase, proposal in
            locks.lock(phase: phase, proposal: proposal)
        }
        self.locks = locks
        return changes
    }

    mutating func noteRestored(accounts: Int, votes: Int, tombstones: Int) {
        accountCount += accounts
        voteCount += votes
        tombstoneCount += tombstones
    }

    /// The account's votes as they stand; nil for a deleted account.
    package func votes(of account: AccountKey) -> [VoteWord]? {
        let table = tables[Partition.of(account) - partitions.lowerBound]
        let slot = table[table.find(account)]
        switch slot.size {
        case AccountSlot.tombstone: return nil
        case AccountSlot.empty: return []
        default: return presentVotes(slot)
        }
    }

    /// Behind the last of an account's votes that are of the same phase as the one at `start`.
    @inline(__always)
    func endOfPhase(_ slot: AccountSlot, from start: Int) -> Int {
        let phase = store.vote(slot, at: start).phase
        var end = start + 1
        while end < Int(slot.size), store.vote(slot, at: end).phase == phase { end += 1 }
        return end
    }

    /// Whether so many votes of an account in a phase count.
    @inline(__always)
    func areEnough(_ votes: Int, in phase: PhaseNumber) -> Bool {
        votes >= rules[Int(phase)]!.minimumVotes
    }

    // MARK: - Single votes

    @inline(__always)
    static func refusal(in state: PhaseState) -> Outcome.Code? {
        switch state {
        case .open: nil
        case .scheduled: .phaseNotOpen
        case .closed: .phaseClosed
        }
    }

    /// Adds what a vote that exists contributes, or with `sign` -1 takes it away.
    @inline(__always)
    mutating func count(_ vote: VoteWord, sign: Int64) {
        ledger.add(rules[Int(vote.phase)]!.contribution(of: vote), of: vote, sign: sign)
    }

    @inline(__always)
    private mutating func cast(
        _ account: AccountKey, _ vote: VoteWord, _ content: VoteContent
    ) -> Outcome.Code {
        let phase = Int(vote.phase)
        guard phase < rules.count, rules[phase] != nil else { return .unknownPhase }
        guard rules[phase]!.has(vote.proposal) else { return .unknownProposal }
        guard rules[phase]!.allows(vote.value, as: content) else { return .invalidVote }
        let partition = Partition.of(account) - partitions.lowerBound
        let place = tables[partition].find(account)
        let slot = tables[partition][place]
        if slot.size == AccountSlot.tombstone { return .accountDeleted }
        if let refusal = Self.refusal(in: rules[phase]!.state) { return refusal }
        if rules[phase]!.areAboutBallots { return castByRules(account, vote, slot, at: place) }
        if slot.size == AccountSlot.empty {
            insert(account, vote)
            count(vote, sign: 1)
            ledger.addVoter(1, phase: vote.phase, of: rules[phase]!.optionCount)
            return .counted
        }
        let (index, found) = store.search(slot, place: vote.place)
        if found {
            let before = store.vote(slot, at: index)
            if before == vote { return .unchanged }
            count(before, sign: -1)
            count(vote, sign: 1)
            store.replace(slot, at: index, with: vote)
            return .replaced
        }
        if !hasNeighbour(slot, around: index, in: vote.phase) {
            ledger.addVoter(1, phase: vote.phase, of: rules[phase]!.optionCount)
        }
        insert(vote, at: index, of: slot, at: place)
        count(vote, sign: 1)
        return .counted
    }

    /// Adds an account with its first vote.
    @inline(__always)
    mutating func insert(_ account: AccountKey, _ vote: VoteWord) {
        tables[Partition.of(account) - partitions.lowerBound].insert(
            AccountSlot(key: account, block: store.insertFirst(vote), size: 1))
        accountCount += 1
        voteCount += 1
    }

    /// Adds a vote to an account that has some, before the one at `index`.
    @inline(__always)
    mutating func insert(
        _ vote: VoteWord, at index: Int, of slot: AccountSlot, at place: AccountTable.Place
    ) {
        var slot = slot
        store.insert(vote, at: index, of: &slot)
        tables[Partition.of(slot.key) - partitions.lowerBound][place] = slot
        voteCount += 1
    }

    /// Whether the votes on both sides of an index, at which none of this phase stands, are of the
    /// phase: the account's votes in a phase lie side by side.
    @inline(__always)
    private func hasNeighbour(
        _ slot: AccountSlot, around index: Int, in phase: PhaseNumber
    ) -> Bool {
        (index > 0 && store.vote(slot, at: index - 1).phase == phase)
            || (index < Int(slot.size) && store.vote(slot, at: index).phase == phase)
    }

    private mutating func withdraw(_ account: AccountKey, _ vote: VoteWord) -> Outcome.Code {
        let phase = Int(vote.phase)
        guard phase < rules.count, rules[phase] != nil else { return .unknownPhase }
        guard rules[phase]!.has(vote.proposal) else { return .unknownProposal }
        let partition = Partition.of(account) - partitions.lowerBound
        let place = tables[partition].find(account)
        var slot = tables[partition][place]
        if slot.size == AccountSlot.tombstone { return .accountDeleted }
        if let refusal = Self.refusal(in: rules[phase]!.state) { return refusal }
        guard slot.size != AccountSlot.empty else { return .noVote }
        let (index, found) = store.search(slot, place: vote.place)
        guard found else { return .noVote }
        let range = store.range(of: vote.phase, in: slot)
        let minimum = rules[phase]!.minimumVotes
        if range.count > minimum {
            count(store.vote(slot, at: index), sign: -1)
        } else if range.count == minimum {
            countBallot(slot, range, in: vote.phase, sign: -1)
        }
        store.remove(at: index, of: &slot)
        voteCount -= 1
        keep(slot, at: place, in: partition)
        return .withdrawn
    }

    /// Counts all of an account's votes in a phase, and the account as a voter, or with `sign` -1
    /// stops counting them.
    mutating func countBallot(
        _ slot: AccountSlot, _ range: Range<Int>, in phase: PhaseNumber, sign: Int64
    ) {
        for index in range { count(store.vote(slot, at: index), sign: sign) }
        ledger.addVoter(sign, phase: phase, of: rules[Int(phase)]!.optionCount)
    }

    /// Writes a changed slot back, or removes the account that has no vote left.
    mutating func keep(_ slot: AccountSlot, at place: AccountTable.Place, in partition: Int) {
        if slot.size == 0 {
            tables[partition].remove(at: place)
            accountCount -= 1
        } else {
            tables[partition][place] = slot
        }
    }

    // MARK: - Deletions

    /// Costs what the account's own votes cost, whatever the totals.
    private mutating func delete(_ account: AccountKey) -> Outcome {
        let partition = Partition.of(account) - partitions.lowerBound
        let place = tables[partition].find(account)
        var slot = tables[partition][place]
        switch slot.size {
        case AccountSlot.tombstone:
            return Outcome(.alreadyDeleted, retracted: 0, frozen: 0)
        case AccountSlot.empty:
            tables[partition].insert(
                AccountSlot(key: account, block: 0, size: AccountSlot.tombstone))
            tombstoneCount += 1
            return Outcome(.deleted, retracted: 0, frozen: 0)
        default:
            break
        }
        var retracted = 0
        var frozen = 0
        var start = 0
        while start < Int(slot.size) {
            let phase = store.vote(slot, at: start).phase
            let end = endOfPhase(slot, from: start)
            switch rules[Int(phase)]?.state {
            case .open:
                if areEnough(end - start, in: phase) {
                    countBallot(slot, start..<end, in: phase, sign: -1)
                }
                retracted += end - start
            case .closed where areEnough(end - start, in: phase):
                freeze(slot, start..<end, in: phase)
                frozen += end - start
            case .scheduled:
                preconditionFailure("a vote in a phase that never opened")
            case .closed, nil:
                // Votes that never counted vanish; those of a removed phase are gone but for the
                // sweep.
                break
            }
            start = end
        }
        voteCount -= Int(slot.size)
        store.removeAll(of: &slot)
        slot.size = AccountSlot.tombstone
        tables[partition][place] = slot
        accountCount -= 1
        tombstoneCount += 1
        return Outcome(.deleted, retracted: retracted, frozen: frozen)
    }

    /// Turns votes that count into sums.
    private mutating func freeze(
        _ slot: AccountSlot, _ range: Range<Int>, in phase: PhaseNumber
    ) {
        for index in range {
            let vote = store.vote(slot, at: index)
            frozen.add(rules[Int(phase)]!.contribution(of: vote), of: vote)
        }
        frozen.addVoters(1, phase: phase, of: rules[Int(phase)]!.optionCount)
    }
}
