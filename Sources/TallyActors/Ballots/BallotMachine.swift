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
    private var rules: ContiguousArray<PhaseRules?> = []
    /// A sum of what was read ahead: it says nothing, but keeps the reading from being left out.
    var fetched: UInt64 = 0
    /// Votes and accounts that exist now, tombstones apart.
    package private(set) var voteCount = 0
    package private(set) var accountCount = 0
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
        }
    }

    @inline(__always)
    package func owns(_ account: AccountKey) -> Bool {
        partitions.contains(Partition.of(account))
    }

    /// Applies one command of an account that this machine owns.
    @inline(__always)
    package mutating func apply(_ command: Command) -> Outcome {
        switch command.operation {
        case .cast: Outcome(cast(command.account, command.vote))
        case .withdraw: Outcome(withdraw(command.account, command.vote))
        case .deleteAccount: delete(command.account)
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
        default: return store.votes(slot)
        }
    }

    // MARK: - Rules

    private enum Judgement {
        case option(Int, of: Int)
        case refused(Outcome.Code)
    }

    /// What holds for the vote whoever casts it, and whether its phase is open.
    @inline(__always)
    private func judge(_ vote: VoteWord) -> (state: PhaseState, judgement: Judgement) {
        let phase = Int(vote.phase)
        guard phase < rules.count, rules[phase] != nil else {
            return (.closed, .refused(.unknownPhase))
        }
        let state = rules[phase]!.state
        let proposal = Int(vote.proposal)
        guard proposal < rules[phase]!.proposals.count, rules[phase]!.proposals[proposal] else {
            return (state, .refused(.unknownProposal))
        }
        let value = Int(vote.value)
        guard value < rules[phase]!.options.count, rules[phase]!.options[value] >= 0 else {
            return (state, .refused(.invalidVote))
        }
        return (
            state, .option(Int(rules[phase]!.options[value]), of: rules[phase]!.optionCount)
        )
    }

    /// The option that a vote which exists counts for.
    @inline(__always)
    private func option(of vote: VoteWord) -> Int {
        let option = rules[Int(vote.phase)]!.options[Int(vote.value)]
        precondition(option >= 0, "a vote for a choice that was removed")
        return Int(option)
    }

    /// The options of a proposal, and the one that a vote which exists counts for.
    func cell(of vote: VoteWord) -> (optionCount: Int, option: Int) {
        guard let optionCount = rules[Int(vote.phase)]?.optionCount else {
            preconditionFailure("a vote in a phase that was removed")
        }
        return (optionCount, option(of: vote))
    }

    @inline(__always)
    private static func refusal(in state: PhaseState) -> Outcome.Code? {
        switch state {
        case .open: nil
        case .scheduled: .phaseNotOpen
        case .closed: .phaseClosed
        }
    }

    private mutating func cast(_ account: AccountKey, _ vote: VoteWord) -> Outcome.Code {
        let (state, judgement) = judge(vote)
        guard case .option(let option, let optionCount) = judgement else {
            guard case .refused(let code) = judgement else { preconditionFailure("no judgement") }
            return code
        }
        let partition = Partition.of(account) - partitions.lowerBound
        let place = tables[partition].find(account)
        var slot = tables[partition][place]
        if slot.size == AccountSlot.tombstone { return .accountDeleted }
        if let refusal = Self.refusal(in: state) { return refusal }
        if slot.size == AccountSlot.empty {
            tables[partition].insert(
                AccountSlot(key: account, block: store.insertFirst(vote), size: 1))
            accountCount += 1
            voteCount += 1
            ledger.add(
                1, phase: vote.phase, proposal: vote.proposal, option: option, of: optionCount)
            ledger.addVoter(1, phase: vote.phase, of: optionCount)
            return .counted
        }
        let (index, found) = store.search(slot, place: vote.place)
        if found {
            let before = store.vote(slot, at: index)
            if before == vote { return .unchanged }
            ledger.add(
                -1, phase: vote.phase, proposal: vote.proposal, option: self.option(of: before),
                of: optionCount)
            ledger.add(
                1, phase: vote.phase, proposal: vote.proposal, option: option, of: optionCount)
            store.replace(slot, at: index, with: vote)
            return .replaced
        }
        if !hasNeighbour(slot, around: index, in: vote.phase) {
            ledger.addVoter(1, phase: vote.phase, of: optionCount)
        }
        store.insert(vote, at: index, of: &slot)
        tables[partition][place] = slot
        voteCount += 1
        ledger.add(1, phase: vote.phase, proposal: vote.proposal, option: option, of: optionCount)
        return .counted
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
        guard phase < rules.count, let state = rules[phase]?.state else { return .unknownPhase }
        let proposal = Int(vote.proposal)
        guard proposal < rules[phase]!.proposals.count, rules[phase]!.proposals[proposal] else {
            return .unknownProposal
        }
        let partition = Partition.of(account) - partitions.lowerBound
        let place = tables[partition].find(account)
        var slot = tables[partition][place]
        if slot.size == AccountSlot.tombstone { return .accountDeleted }
        if let refusal = Self.refusal(in: state) { return refusal }
        guard slot.size != AccountSlot.empty else { return .noVote }
        let (index, found) = store.search(slot, place: vote.place)
        guard found else { return .noVote }
        let before = store.vote(slot, at: index)
        let optionCount = rules[phase]!.optionCount
        ledger.add(
            -1, phase: vote.phase, proposal: vote.proposal, option: option(of: before),
            of: optionCount)
        store.remove(at: index, of: &slot)
        voteCount -= 1
        if slot.size == 0 {
            tables[partition].remove(at: place)
            accountCount -= 1
            ledger.addVoter(-1, phase: vote.phase, of: optionCount)
        } else {
            tables[partition][place] = slot
            if !hasNeighbour(slot, around: index, in: vote.phase) {
                ledger.addVoter(-1, phase: vote.phase, of: optionCount)
            }
        }
        return .withdrawn
    }

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
        var frozenCount = 0
        var phase: PhaseNumber?
        let count = Int(slot.size)
        for index in 0..<count {
            let vote = store.vote(slot, at: index)
            let isFirst = vote.phase != phase
            phase = vote.phase
            if release(vote, isFirstInPhase: isFirst) == .closed { frozenCount += 1 }
        }
        store.removeAll(of: &slot)
        slot.size = AccountSlot.tombstone
        tables[partition][place] = slot
        voteCount -= count
        accountCount -= 1
        tombstoneCount += 1
        return Outcome(.deleted, retracted: count - frozenCount, frozen: frozenCount)
    }

    /// Takes one vote of a deleted account out of the counts, or turns it into a sum.
    private mutating func release(_ vote: VoteWord, isFirstInPhase: Bool) -> PhaseState {
        guard let state = rules[Int(vote.phase)]?.state else {
            preconditionFailure("a vote in a phase that was removed")
        }
        let optionCount = rules[Int(vote.phase)]!.optionCount
        let option = option(of: vote)
        switch state {
        case .scheduled:
            preconditionFailure("a vote in a phase that never opened")
        case .open:
            ledger.add(
                -1, phase: vote.phase, proposal: vote.proposal, option: option, of: optionCount)
            if isFirstInPhase { ledger.addVoter(-1, phase: vote.phase, of: optionCount) }
        case .closed:
            frozen.add(
                1, phase: vote.phase, proposal: vote.proposal, option: option, of: optionCount)
            if isFirstInPhase { frozen.addVoters(1, phase: vote.phase, of: optionCount) }
        }
        return state
    }
}
