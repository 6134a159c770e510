import TallyActors

/// What the service should do, as plainly as it can be said: dictionaries, everything counted anew
/// whenever it is asked for. Accounts go by their number in the test.
struct NaiveModel {
    struct Phase {
        var id: Identifier
        var state: PhaseState
        var opensAt: Int64?
        var closesAt: Int64?
        /// nil for `support`; else the choices that may be chosen, in order.
        var choices: [Identifier]?
        /// Every choice ever, by permanent number.
        var choiceNumbers: [Identifier]
        /// Every proposal ever, by permanent number; nil where it was removed.
        var proposals: [Identifier?]
        var locked: Set<UInt32> = []
        /// By proposal and choice number, of accounts that were deleted after the close.
        var frozen: [[UInt32]: Int] = [:]
        var frozenVoters = 0

        var optionCount: Int { choices?.count ?? 1 }

        /// The option that a value counts for; nil when it may not be chosen.
        func option(_ value: UInt32) -> Int? {
            guard let choices else { return value == 0 ? 0 : nil }
            guard value < choiceNumbers.count else { return nil }
            return choices.firstIndex(of: choiceNumbers[Int(value)])
        }

        var definition: PhaseDefinition {
            .phase(
                id, opensAt: opensAt, closesAt: closesAt,
                ballot: choices.map { BallotRule(kind: .choice, choices: $0) } ?? .support,
                proposals: proposals.compactMap { $0 })
        }
    }

    /// By phase number.
    var phases: [Phase] = []
    /// By account: by phase and proposal: the value.
    var votes: [Int: [[UInt32]: UInt32]] = [:]
    var deleted: Set<Int> = []
    var position: UInt64 = 0

    // MARK: - Commands

    /// Applies one command, as the one with the next number.
    mutating func apply(_ command: Command, account: Int) -> Outcome {
        position += 1
        let vote = command.vote
        switch command.operation {
        case .cast: return Outcome(cast(account, vote))
        case .withdraw: return Outcome(withdraw(account, vote))
        case .deleteAccount: return delete(account)
        case nil: return Outcome(.invalidVote)
        }
    }

    /// The refusal that holds whoever votes, and the one of the phase's state.
    private func refusal(_ account: Int, _ vote: VoteWord, casting: Bool) -> Outcome.Code? {
        guard vote.phase < phases.count else { return .unknownPhase }
        let phase = phases[Int(vote.phase)]
        guard vote.proposal < phase.proposals.count, phase.proposals[Int(vote.proposal)] != nil
        else { return .unknownProposal }
        if casting, phase.option(vote.value) == nil { return .invalidVote }
        if deleted.contains(account) { return .accountDeleted }
        switch phase.state {
        case .scheduled: return .phaseNotOpen
        case .closed: return .phaseClosed
        case .open: return nil
        }
    }

    private mutating func cast(_ account: Int, _ vote: VoteWord) -> Outcome.Code {
        if let refusal = refusal(account, vote, casting: true) { return refusal }
        phases[Int(vote.phase)].locked.insert(vote.proposal)
        let place = [vote.phase, vote.proposal]
        let before = votes[account, default: [:]].updateValue(vote.value, forKey: place)
        guard let before else { return .counted }
        return before == vote.value ? .unchanged : .replaced
    }

    private mutating func withdraw(_ account: Int, _ vote: VoteWord) -> Outcome.Code {
        if let refusal = refusal(account, vote, casting: false) { return refusal }
        let before = votes[account]?.removeValue(forKey: [vote.phase, vote.proposal])
        if votes[account]?.isEmpty == true { votes[account] = nil }
        return before == nil ? .noVote : .withdrawn
    }

    private mutating func delete(_ account: Int) -> Outcome {
        guard deleted.insert(account).inserted else {
            return Outcome(.alreadyDeleted, retracted: 0, frozen: 0)
        }
        let held = votes.removeValue(forKey: account) ?? [:]
        let closed = held.filter { phases[Int($0.key[0])].state == .closed }
        for (place, value) in closed {
            phases[Int(place[0])].frozen[[place[1], value], default: 0] += 1
        }
        for phase in Set(closed.keys.map { Int($0[0]) }) { phases[phase].frozenVoters += 1 }
        return Outcome(.deleted, retracted: held.count - closed.count, frozen: closed.count)
    }

    // MARK: - Time

    /// Opens and closes what is due, each with a number of its own.
    mutating func passTime(to now: Int64) {
        while let (_, number) = phases.indices.compactMap({ number -> (Int64, Int)? in
            let phase = phases[number]
            let due = [.scheduled: phase.opensAt, .open: phase.closesAt][phase.state] ?? nil
            return due.flatMap { $0 <= now ? ($0, number) : nil }
        }).min(by: { ($0.0, $0.1) < ($1.0, $1.1) }) {
            phases[number].state = phases[number].state == .scheduled ? .open : .closed
            position += 1
        }
    }

    // MARK: - Counts

    /// By proposal and option, of one phase; zeros are left out.
    func counts(_ number: Int) -> [[UInt32]: Int64] {
        let phase = phases[number]
        var counts: [[UInt32]: Int64] = [:]
        func add(_ count: Int, _ proposal: UInt32, _ value: UInt32) {
            counts[[proposal, UInt32(phase.option(value)!)], default: 0] += Int64(count)
        }
        for (key, count) in phase.frozen { add(count, key[0], key[1]) }
        for (place, value) in votes.values.joined() where place[0] == number {
            add(1, place[1], value)
        }
        return counts
    }

    func voters(_ number: Int) -> Int64 {
        let now = votes.values.count { $0.keys.contains { $0[0] == number } }
        return Int64(now + phases[number].frozenVoters)
    }

    /// Everything that an account holds, sorted; nil when it is deleted.
    func words(_ account: Int) -> [VoteWord]? {
        if deleted.contains(account) { return nil }
        return (votes[account] ?? [:]).map {
            VoteWord(phase: $0.key[0], proposal: $0.key[1], value: $0.value)
        }.sorted { $0.raw < $1.raw }
    }
}
