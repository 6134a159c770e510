/// What a ballot shard must know of a phase to judge a vote: flat, without references to follow.
struct PhaseRules: Sendable {
    var state: PhaseState
    /// What votes of the phase carry.
    var content: VoteContent
    /// Counts that a proposal has.
    var optionCount: Int
    /// By proposal number: whether votes may name it.
    var proposals: ContiguousArray<Bool>
    /// By a choice's number: the option that it counts for, or -1. Empty when votes carry no choice.
    var options: ContiguousArray<Int32> = []
    /// The largest value that a vote may carry, unless it is a choice.
    var maximumValue: UInt32 = 0
    /// What an account may hold in the phase.
    var maximumVotes = Int.max
    /// Below so many votes of an account none of them counts.
    var minimumVotes = 1
    var budget: UInt64?
    /// By proposal number; empty without a budget.
    var costs: ContiguousArray<UInt64> = []
    var maximumPoints: UInt64?
    /// Whether a vote must be judged beside the account's other votes in the phase.
    var areAboutBallots: Bool

    init(_ entry: PhaseEntry) {
        let ballot = entry.definition.ballot
        state = entry.state
        content = ballot.kind.content
        optionCount = ballot.optionCount
        proposals = ContiguousArray(entry.proposalIndices.map { $0 != nil })
        if let limit = ballot.maximumVotes { maximumVotes = Int(limit) }
        minimumVotes = max(1, Int(ballot.minimumVotes ?? 1))
        areAboutBallots = maximumVotes != Int.max || minimumVotes > 1
        switch ballot.kind {
        case .support:
            break
        case .choice:
            options = ContiguousArray(entry.optionOfChoice.map { Int32($0 ?? -1) })
        case .budget:
            budget = ballot.budget ?? 0
            costs = ContiguousArray(
                entry.proposalIndices.map { index in
                    index.flatMap { entry.definition.proposals[$0].cost } ?? 0
                })
            areAboutBallots = true
        case .ranking:
            maximumValue = ballot.maximumVotes ?? 0
            areAboutBallots = true
        case .points:
            maximumValue = ballot.maximumPointsPerProposal ?? BallotRule.maximumLimit
            maximumPoints = ballot.maximumPoints.map { UInt64($0) }
            if maximumPoints != nil { areAboutBallots = true }
        }
    }

    /// Whether votes may name the proposal.
    @inline(__always)
    func has(_ proposal: ProposalNumber) -> Bool {
        Int(proposal) < proposals.count && proposals[Int(proposal)]
    }

    /// Whether a vote may carry this.
    @inline(__always)
    func allows(_ value: UInt32, as content: VoteContent) -> Bool {
        guard content == self.content else { return false }
        switch content {
        case .choice: return Int(value) < options.count && options[Int(value)] >= 0
        case .nothing: return value == 0
        case .rank, .points: return value >= 1 && value <= maximumValue
        }
    }

    /// What a vote that exists adds to the counts of its proposal.
    @inline(__always)
    func contribution(of vote: VoteWord) -> Contribution {
        switch content {
        case .nothing:
            return Contribution(optionCount: 1, option: 0, points: 0)
        case .choice:
            let option = options[Int(vote.value)]
            precondition(option >= 0, "a vote for a choice that was removed")
            return Contribution(optionCount: optionCount, option: Int(option), points: 0)
        case .rank:
            let points = Int64(maximumVotes) - Int64(vote.value) + 1
            return Contribution(optionCount: 2, option: 0, points: points)
        case .points:
            return Contribution(optionCount: 2, option: 0, points: Int64(vote.value))
        }
    }
}
