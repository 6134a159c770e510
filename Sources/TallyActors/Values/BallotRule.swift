/// What one vote carries, and what one account's votes in a phase must satisfy together.
///
/// Which limits a kind has, and which it must have, is judged where definitions are read; here a
/// limit that is nil does not hold.
public struct BallotRule: Equatable, Sendable {
    /// The most choices one ballot may offer.
    public static let maximumChoices = 256
    /// The most a limit on votes, a rank, points, or a limit on points may be.
    public static let maximumLimit: UInt32 = 1_000_000
    /// The most a budget or a cost may be: what every JSON reader reads exactly.
    public static let maximumAmount: UInt64 = 1 << 53 - 1

    public var kind: BallotKind
    /// The options of a `choice` ballot, in the client's order; empty for every other kind.
    public var choices: [Identifier]
    /// How many proposals an account may vote on; of `ranking` also the worst rank.
    public var maximumVotes: UInt32?
    /// While an account holds fewer votes than this, none of them counts.
    public var minimumVotes: UInt32?
    /// What the costs of the proposals voted for may sum to, in the unit of the costs.
    public var budget: UInt64?
    /// What an account's points may sum to.
    public var maximumPoints: UInt32?
    public var maximumPointsPerProposal: UInt32?

    public init(
        kind: BallotKind, choices: [Identifier] = [], maximumVotes: UInt32? = nil,
        minimumVotes: UInt32? = nil, budget: UInt64? = nil, maximumPoints: UInt32? = nil,
        maximumPointsPerProposal: UInt32? = nil
    ) {
        self.kind = kind
        self.choices = choices
        self.maximumVotes = maximumVotes
        self.minimumVotes = minimumVotes
        self.budget = budget
        self.maximumPoints = maximumPoints
        self.maximumPointsPerProposal = maximumPointsPerProposal
    }

    /// The names under which each proposal's counts are given, in order: at least one.
    public var options: [Identifier] {
        switch kind {
        case .support, .budget: ["support"]
        case .choice: choices
        case .ranking, .points: ["votes", "points"]
        }
    }

    /// `options.count`, without making them.
    public var optionCount: Int {
        switch kind {
        case .support, .budget: 1
        case .choice: choices.count
        case .ranking, .points: 2
        }
    }

    /// The limits by the contract's names, in its order; nil where one does not hold.
    public var limits: [(name: StaticString, value: UInt64?)] {
        [
            ("max_votes", maximumVotes.map(UInt64.init)),
            ("min_votes", minimumVotes.map(UInt64.init)),
            ("budget", budget),
            ("max_points", maximumPoints.map(UInt64.init)),
            ("max_points_per_proposal", maximumPointsPerProposal.map(UInt64.init)),
        ]
    }

    /// The rule in the one spelling that all rules of the same meaning share.
    var meaning: BallotRule {
        var meaning = self
        if meaning.minimumVotes ?? 0 <= 1 { meaning.minimumVotes = nil }
        return meaning
    }
}

/// The raw values stand in the journal: they are never renumbered.
public enum BallotKind: UInt8, Equatable, Sendable, BitwiseCopyable, CaseIterable {
    /// A vote carries nothing; counted as `support`.
    case support = 0
    /// A vote carries one of the phase's choices; counted a choice.
    case choice = 1
    /// A vote carries nothing, and spends the proposal's cost; counted as `support`.
    case budget = 2
    /// A vote carries a rank, 1 is best; counted as votes, and as points: a better rank gives more.
    case ranking = 3
    /// A vote carries points; counted as votes and as points.
    case points = 4

    /// What a vote of the kind carries.
    public var content: VoteContent {
        switch self {
        case .support, .budget: .nothing
        case .choice: .choice
        case .ranking: .rank
        case .points: .points
        }
    }

    /// What the contract calls it.
    public var name: String {
        switch self {
        case .support: "support"
        case .choice: "choice"
        case .budget: "budget"
        case .ranking: "ranking"
        case .points: "points"
        }
    }
}

/// What a vote carries. The raw values stand in the journal, as operations of `Command`: they are
/// never renumbered.
public enum VoteContent: UInt8, Equatable, Sendable, BitwiseCopyable {
    case nothing = 1
    case choice = 2
    case rank = 3
    case points = 4
}
