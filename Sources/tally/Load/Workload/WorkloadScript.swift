import NIOCore

/// The share of a workload that one stream sends: the accounts whose number leaves `lane` when divided by
/// `lanes`. They vote cohort after cohort, within a cohort everybody once, then everybody again, so that
/// successive lines are of different accounts. Changes and withdrawals follow their vote at a distance; an
/// account that leaves is deleted once its last line is acknowledged.
package struct WorkloadScript: CommandScript {
    /// First votes between a vote and its change or withdrawal.
    package static let distance = 4096

    /// What is due when `due` first votes are out.
    private struct FollowUp {
        enum Kind {
            case change(to: Int)
            case withdrawal
            case leaving
        }

        var due: Int
        var account: Int
        var proposal: Int
        var kind: Kind
        /// The line of the vote that it follows.
        var line: Int
    }

    private let plan: WorkloadPlan
    private let lane: Int
    private let lanes: Int
    private let accounts: Int

    private var cohortStart = 0
    private var round = 0
    private var offset = 0
    private var lines = 0
    private var isStopped = false
    package private(set) var accountsThatVoted = 0
    private var followUps = CircularBuffer<FollowUp>()
    /// The second half of a change where there is no other choice: withdrawn, then cast again.
    private var again: VoteCommand?
    private var leaving = CircularBuffer<(account: Int, line: Int)>()
    /// One bit for each account of the cohort: it holds a vote that counts.
    private var voting: [UInt64]

    package private(set) var expected: ExpectedTally
    package private(set) var firstVotes = 0
    package private(set) var changes = 0
    package private(set) var withdrawals = 0
    package private(set) var leavers = 0
    /// Votes that the deletions must find.
    package private(set) var retracted = 0

    package init(plan: WorkloadPlan, lane: Int, of lanes: Int) {
        precondition(lane < lanes, "lane \(lane) of \(lanes)")
        self.plan = plan
        self.lane = lane
        self.lanes = lanes
        accounts = (plan.accounts - lane + lanes - 1) / lanes
        expected = ExpectedTally(proposals: plan.proposals, kind: plan.kind)
        voting = Array(repeating: 0, count: WorkloadPlan.cohort / 64)
    }

    package var votesAreOver: Bool {
        again == nil && followUps.isEmpty && firstVotesAreOver
    }

    package var deletionsAreOver: Bool { votesAreOver && leaving.isEmpty }

    private var firstVotesAreOver: Bool { isStopped || cohortStart >= accounts }

    package mutating func nextVote(_ acknowledged: Acknowledged) -> VoteCommand? {
        if let command = again {
            again = nil
            lines += 1
            return command
        }
        while let next = followUps.first, next.due <= firstVotes || firstVotesAreOver {
            followUps.removeFirst()
            if let command = follow(next) {
                lines += 1
                return command
            }
        }
        return nextFirstVote()
    }

    package mutating func nextDeletion(_ acknowledged: Acknowledged) -> Int? {
        guard let first = leaving.first, first.line <= acknowledged.votes else { return nil }
        leaving.removeFirst()
        return first.account
    }

    package mutating func stop() {
        guard !firstVotesAreOver else { return }
        for index in 0..<cohortCount {
            let account = account(index)
            let cast = round + (index < offset ? 1 : 0)
            guard cast > 0, cast < plan.votes(of: account), plan.leaves(account) else { continue }
            leave(account)
        }
        isStopped = true
        endCohort()
    }

    private var cohortCount: Int { min(WorkloadPlan.cohort, accounts - cohortStart) }

    private func account(_ index: Int) -> Int { (cohortStart + index) * lanes + lane }

    private mutating func nextFirstVote() -> VoteCommand? {
        while !firstVotesAreOver {
            let index = offset
            // Accounts with one vote more come first: behind one that is done all are.
            if index < cohortCount, round < plan.votes(of: account(index)) {
                offset += 1
                return cast(index)
            }
            if index == 0 {
                endCohort()
                cohortStart += WorkloadPlan.cohort
                round = 0
            } else {
                round += 1
            }
            offset = 0
        }
        // What is due only now that no first vote comes between.
        return followUps.isEmpty ? nil : nextVote(Acknowledged())
    }

    private mutating func cast(_ index: Int) -> VoteCommand {
        let account = account(index)
        let vote = plan.vote(round, of: account)
        firstVotes += 1
        if round == 0 { accountsThatVoted += 1 }
        lines += 1
        let leaves = plan.leaves(account)
        var final: Int? = vote.option
        switch vote.fate {
        case .stays: break
        case .changes(let other):
            final = other
            append(.change(to: other), account, vote.proposal)
        case .isWithdrawn:
            final = nil
            append(.withdrawal, account, vote.proposal)
        }
        if let final {
            if leaves {
                retracted += 1
            } else {
                expected.addVote(final, on: vote.proposal)
                voting[index >> 6] |= 1 << UInt64(index & 63)
            }
        }
        if leaves, round == plan.votes(of: account) - 1 { leave(account) }
        return VoteCommand(
            account: account, proposal: vote.proposal, action: .cast(option: vote.option))
    }

    private mutating func append(_ kind: FollowUp.Kind, _ account: Int, _ proposal: Int) {
        followUps.append(
            FollowUp(
                due: firstVotes + Self.distance, account: account, proposal: proposal, kind: kind,
                line: lines))
    }

    /// To be deleted behind its last change.
    private mutating func leave(_ account: Int) {
        leavers += 1
        append(.leaving, account, 0)
    }

    private mutating func follow(_ next: FollowUp) -> VoteCommand? {
        var command = VoteCommand(
            account: next.account, proposal: next.proposal, action: .withdraw, follows: next.line)
        switch next.kind {
        case .leaving:
            leaving.append((next.account, lines))
            return nil
        case .withdrawal:
            withdrawals += 1
        case .change(let option):
            changes += 1
            if plan.options > 1 {
                command.action = .cast(option: option)
            } else {
                again = VoteCommand(
                    account: next.account, proposal: next.proposal, action: .cast(option: 0),
                    follows: lines + 1)
            }
        }
        return command
    }

    private mutating func endCohort() {
        for index in voting.indices {
            expected.voters += voting[index].nonzeroBitCount
            voting[index] = 0
        }
    }
}
