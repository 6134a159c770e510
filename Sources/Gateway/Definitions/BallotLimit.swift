import TallyActors

/// The numbers that a ballot rule may hold, by the contract's names.
enum BallotLimit: String {
    case maxVotes = "max_votes"
    case minVotes = "min_votes"
    case budget
    case maxPoints = "max_points"
    case maxPointsPerProposal = "max_points_per_proposal"

    /// What it may be.
    var range: ClosedRange<Int64> {
        switch self {
        case .maxVotes, .maxPoints, .maxPointsPerProposal: 1...Int64(BallotRule.maximumLimit)
        case .minVotes: 0...Int64(BallotRule.maximumLimit)
        case .budget: 0...Int64(BallotRule.maximumAmount)
        }
    }
}

extension BallotKind {
    /// The limits that a ballot of the kind may have.
    var limits: [BallotLimit] {
        switch self {
        case .support, .choice: [.maxVotes, .minVotes]
        case .budget: [.budget]
        case .ranking: [.maxVotes]
        case .points: [.maxVotes, .maxPoints, .maxPointsPerProposal]
        }
    }

    /// The one without which the kind has no meaning.
    var neededLimit: BallotLimit? {
        switch self {
        case .support, .choice, .points: nil
        case .budget: .budget
        case .ranking: .maxVotes
        }
    }
}
