/// A kind of ballot with its limits, and how its votes count. What a vote carries is a number, its option: of
/// its choice, its rank less one, its points less one, or 0 where it carries nothing.
package enum BallotKind: Equatable, Sendable {
    case support(maxVotes: Int? = nil)
    case choice([String])
    /// The costs of the proposals voted for sum to at most this.
    case budget(Int)
    case ranking(maxVotes: Int)
    case points(maxVotes: Int?, maxPoints: Int?, maxPointsPerProposal: Int?)

    /// The most that a limit, a rank or the points of a vote may be.
    package static let largestNumber = 1_000_000
    /// The most votes of a whole ballot.
    package static let largestBallot = 1024

    package var name: String {
        switch self {
        case .support: "support"
        case .choice: "choice"
        case .budget: "budget"
        case .ranking: "ranking"
        case .points: "points"
        }
    }

    /// The names under which a tally counts the votes on a proposal.
    package var figures: [String] {
        switch self {
        case .support, .budget: ["support"]
        case .choice(let choices): choices
        case .ranking, .points: ["votes", "points"]
        }
    }

    /// How many different options a vote can have; nil: points without a limit.
    package var options: Int? {
        switch self {
        case .support, .budget: 1
        case .choice(let choices): choices.count
        case .ranking(let maxVotes): maxVotes
        case .points(_, let maxPoints, let maxEach): maxEach ?? maxPoints
        }
    }

    package var weight: VoteWeight {
        switch self {
        case .support, .choice, .budget: .one
        case .ranking(let maxVotes): .points(first: maxVotes, step: -1)
        case .points: .points(first: 1, step: 1)
        }
    }

    /// The key of what a vote carries, and the value as JSON; nil: a vote carries nothing.
    func field(of option: Int) throws -> (key: String, value: String)? {
        switch self {
        case .support, .budget: nil
        case .choice(let choices): ("choice", try JSONText.of(choices[option]))
        case .ranking: ("rank", "\(option + 1)")
        case .points: ("points", "\(option + 1)")
        }
    }

    /// Whether the limits let an account hold these votes, each on another proposal. Costs are not looked at.
    package func allows(_ ballot: [BallotBook.Entry]) -> Bool {
        guard ballot.count <= Self.largestBallot else { return false }
        let numbers = ballot.map { $0.option + 1 }
        guard numbers.allSatisfy({ 1...Self.largestNumber ~= $0 }) else { return false }
        switch self {
        case .support(let maxVotes):
            return ballot.count <= maxVotes ?? .max
        case .choice, .budget:
            return true
        case .ranking(let maxVotes):
            return ballot.count <= maxVotes && numbers.allSatisfy { $0 <= maxVotes }
                && Set(numbers).count == numbers.count
        case .points(let maxVotes, let maxPoints, let maxEach):
            return ballot.count <= maxVotes ?? .max
                && numbers.allSatisfy { $0 <= maxEach ?? .max }
                && numbers.reduce(0, +) <= maxPoints ?? .max
        }
    }
}
