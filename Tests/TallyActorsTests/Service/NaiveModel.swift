import TallyActors

/// What the service should do, as plainly as it can be said: dictionaries, everything counted anew
/// whenever it is asked for. Accounts go by their number in the test.
struct NaiveModel {
    /// By phase number; nil where it was removed.
    var phases: [NaivePhase?] = []
    /// Those there are; one may have no phase.
    var consultations: Set<Identifier> = []
    /// By account: by phase and proposal: the value.
    var votes: [Int: [[UInt32]: UInt32]] = [:]
    var deleted: Set<Int> = []
    var position: UInt64 = 0
    var now: Int64 = 0
    /// Of removed consultations, in the order of their removal.
    var removedSeals: [(consultation: Identifier, phase: Identifier, seal: NaiveSeal)] = []

    var voteCount: Int { votes.values.reduce(0) { $0 + $1.count } }

    // MARK: - Commands

    /// Applies one command, as the one with the next number.
    mutating func apply(_ command: Command, votes: [Command], account: Int) -> Outcome {
        position += 1
        let vote = command.vote
        switch command.operation {
        case .castNothing: return Outcome(cast(account, vote, .nothing))
        case .castChoice: return Outcome(cast(account, vote, .choice))
        case .castRank: return Outcome(cast(account, vote, .rank))
        case .castPoints: return Outcome(cast(account, vote, .points))
        case .withdraw: return Outcome(withdraw(account, vote))
        case .ballot: return Outcome(replaceBallot(account, vote.phase, with: votes))
        case .deleteAccount: return delete(account)
        case nil: return Outcome(.invalidVote)
        }
    }

    private func phase(_ number: UInt32) -> NaivePhase? {
        number < phases.count ? phases[Int(number)] : nil
    }

    /// By proposal: what an account holds in a phase.
    func held(_ account: Int, _ phase: UInt32) -> [UInt32: UInt32] {
        let held = (votes[account] ?? [:]).filter { $0.key[0] == phase }
        return Dictionary(uniqueKeysWithValues: held.map { ($0.key[1], $0.value) })
    }

    private mutating func hold(_ account: Int, _ phase: UInt32, _ ballot: [UInt32: UInt32]) {
        var all = (votes[account] ?? [:]).filter { $0.key[0] != phase }
        for (proposal, value) in ballot { all[[phase, proposal]] = value }
        votes[account] = all.isEmpty ? nil : all
    }

    /// The refusal that holds whatever the account has voted in the phase.
    private func refusal(_ account: Int, in phase: NaivePhase) -> Outcome.Code? {
        if deleted.contains(account) { return .accountDeleted }
        switch phase.state {
        case .scheduled: return .phaseNotOpen
        case .closed: return .phaseClosed
        case .open: return nil
        }
    }

    private mutating func cast(
        _ account: Int, _ vote: VoteWord, _ content: VoteContent
    ) -> Outcome.Code {
        guard let phase = phase(vote.phase) else { return .unknownPhase }
        guard phase.proposal(vote.proposal) != nil else { return .unknownProposal }
        guard phase.allows(vote.value, as: content) else { return .invalidVote }
        if let refusal = refusal(account, in: phase) { return refusal }
        let before = held(account, vote.phase)
        var after = before
        after[vote.proposal] = vote.value
        if after == before { return .unchanged }
        if let refusal = phase.refusal(of: after) { return refusal }
        hold(account, vote.phase, after)
        phases[Int(vote.phase)]!.locked.insert(vote.proposal)
        if before[vote.proposal] == nil { return phase.counts(after) ? .counted : .pending }
        return phase.counts(after) ? .replaced : .pendingReplaced
    }

    private mutating func withdraw(_ account: Int, _ vote: VoteWord) -> Outcome.Code {
        guard let phase = phase(vote.phase) else { return .unknownPhase }
        guard phase.proposal(vote.proposal) != nil else { return .unknownProposal }
        if let refusal = refusal(account, in: phase) { return refusal }
        var ballot = held(account, vote.phase)
        guard ballot.removeValue(forKey: vote.proposal) != nil else { return .noVote }
        hold(account, vote.phase, ballot)
        return .withdrawn
    }

    private mutating func replaceBallot(
        _ account: Int, _ number: UInt32, with votes: [Command]
    ) -> Outcome.Code {
        guard let phase = phase(number) else { return .unknownPhase }
        for vote in votes where phase.proposal(vote.vote.proposal) == nil {
            return .unknownProposal
        }
        var after: [UInt32: UInt32] = [:]
        for vote in votes {
            guard phase.allows(vote.vote.value, as: vote.operation!.content!),
                after.updateValue(vote.vote.value, forKey: vote.vote.proposal) == nil
            else { return .invalidVote }
        }
        if let refusal = refusal(account, in: phase) { return refusal }
        let before = held(account, number)
        if after == before { return .unchanged }
        if let refusal = phase.refusal(of: after) { return refusal }
        hold(account, number, after)
        phases[Int(number)]!.locked.formUnion(after.keys)
        if after.isEmpty { return .withdrawn }
        if before.isEmpty { return phase.counts(after) ? .counted : .pending }
        return phase.counts(after) ? .replaced : .pendingReplaced
    }

    private mutating func delete(_ account: Int) -> Outcome {
        guard deleted.insert(account).inserted else {
            return Outcome(.alreadyDeleted, retracted: 0, frozen: 0)
        }
        var retracted = 0
        var frozen = 0
        for number in phases.indices {
            let ballot = held(account, UInt32(number))
            guard let phase = phases[number], !ballot.isEmpty else { continue }
            if phase.state == .open {
                retracted += ballot.count
            } else if phase.counts(ballot) {
                frozen += ballot.count
                phases[number]!.frozen.append(ballot)
            }
        }
        votes[account] = nil
        return Outcome(.deleted, retracted: retracted, frozen: frozen)
    }

    // MARK: - Counts

    /// All ballots that count in a phase, also those whose owners are gone.
    private func countedBallots(_ number: Int) -> [[UInt32: UInt32]] {
        let phase = phases[number]!
        let held = votes.keys.map { self.held($0, UInt32(number)) }
        return held.filter { phase.counts($0) } + phase.frozen
    }

    func voters(_ number: Int) -> Int64 { Int64(countedBallots(number).count) }

    /// By proposal and option, of one phase; zeros are left out.
    func counts(_ number: Int) -> [[UInt32]: Int64] {
        let phase = phases[number]!
        var counts: [[UInt32]: Int64] = [:]
        for (proposal, value) in countedBallots(number).joined() {
            for (option, count) in phase.contribution(value) {
                counts[[proposal, UInt32(option)], default: 0] += count
            }
        }
        return counts
    }

    /// Everything that an account holds, sorted; nil when it is deleted.
    func words(_ account: Int) -> [VoteWord]? {
        if deleted.contains(account) { return nil }
        return (votes[account] ?? [:]).map {
            VoteWord(phase: $0.key[0], proposal: $0.key[1], value: $0.value)
        }.sorted { $0.raw < $1.raw }
    }
}
