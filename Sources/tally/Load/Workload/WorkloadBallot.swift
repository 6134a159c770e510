/// The ballots of a made-up consultation. Limits follow from the votes that an account casts: all of them are
/// within, and the server has to look at every one.
package enum WorkloadBallot: Equatable, Sendable {
    case support
    case choice([String])
    case budget
    case ranking
    case points

    /// The points of a vote are at most this.
    static let mostPoints = 3
    /// Costs are 1 to this, thousands.
    static let mostThousands = 9

    /// - Parameter votes: the most that an account casts.
    func kind(votes: Int) -> BallotKind {
        switch self {
        case .support: .support()
        case .choice(let choices): .choice(choices)
        case .budget: .budget(votes * Self.mostThousands * 1000)
        // Two ranks for each vote, so that it can be changed without taking another's.
        case .ranking: .ranking(maxVotes: votes * 2)
        case .points:
            .points(
                maxVotes: votes, maxPoints: votes * Self.mostPoints,
                maxPointsPerProposal: Self.mostPoints)
        }
    }

    /// Nil in every kind but `budget`.
    func cost(of proposal: Int) -> Int? {
        self == .budget ? (1 + proposal % Self.mostThousands) * 1000 : nil
    }
}
