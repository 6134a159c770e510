/// The rules of an election as a kind of ballot, and its ballots as votes of that kind.
package struct PabulibRules: Equatable, Sendable {
    package let kind: BallotKind
    /// Ranks follow from the points of a ranking, not from the order of its projects.
    private let ranksByPoints: Bool

    /// - Throws: `PabulibFault.unsupported` when no kind of ballot has rules like these.
    package init(_ election: PabulibElection) throws(PabulibFault) {
        let maxVotes = Self.limit("max_length", election)
        switch election.meta["vote_type"]?.lowercased() ?? "" {
        case "approval":
            self.init(.support(maxVotes: maxVotes))
        case "choose-1":
            self.init(.support(maxVotes: 1))
        case "cumulative", "scoring":
            let mentions = election.ballots.joined()
            guard mentions.allSatisfy({ $0.points != nil }) else {
                throw .unsupported("a ballot gives no points, or points that are no integers")
            }
            self.init(
                .points(
                    maxVotes: maxVotes, maxPoints: Self.limit("max_sum_points", election),
                    maxPointsPerProposal: Self.limit("max_points", election)))
        case "ordinal":
            self = Self.ranking(election, maxVotes)
        case let other:
            throw .unsupported(
                "ballots of the type \(other.isEmpty ? "(none)" : other) are not replayed")
        }
    }

    private init(_ kind: BallotKind, ranksByPoints: Bool = false) {
        self.kind = kind
        self.ranksByPoints = ranksByPoints
    }

    private static func limit(_ key: String, _ election: PabulibElection) -> Int? {
        election.limit(key).flatMap { $0 <= BallotKind.largestNumber ? $0 : nil }
    }

    /// Files do not always tell how many points the best rank has, nor whether a voter may leave a rank out;
    /// where they do not, the official scores tell.
    private static func ranking(_ election: PabulibElection, _ maxVotes: Int?) -> PabulibRules {
        let longest = max(1, election.ballots.map(\.count).max() ?? 1)
        let hasPoints = election.ballots.contains { $0.contains { $0.points != nil } }
        var best: (rules: PabulibRules, wrong: Int)?
        for most in maxVotes.map({ [$0] }) ?? [longest, election.projects.count] {
            for ranksByPoints in hasPoints ? [false, true] : [false] {
                let rules = PabulibRules(
                    .ranking(maxVotes: most), ranksByPoints: ranksByPoints)
                let counted = rules.everyMention(election)
                let wrong = election.projects.indices.count {
                    election.projects[$0].score ?? counted[$0, 1] != counted[$0, 1]
                }
                if wrong < best?.wrong ?? .max { best = (rules, wrong) }
            }
        }
        guard let best else { preconditionFailure("no rules were tried") }
        return best.rules
    }

    /// What a mention carries as a vote; negative where it gives no points.
    package func option(_ mention: PabulibElection.Mention) -> Int {
        switch kind {
        case .support, .choice, .budget:
            return 0
        case .ranking(let maxVotes):
            let points = ranksByPoints ? mention.points : nil
            return points.map { maxVotes - $0 } ?? mention.place - 1
        case .points:
            return (mention.points ?? 0) - 1
        }
    }

    /// The ballot with one vote for a project that it names several times: the points summed, the first rank
    /// kept. Mentions without a point are left out: a vote carries at least one.
    package func merged(_ ballot: [PabulibElection.Mention]) -> [BallotBook.Entry] {
        var entries: [BallotBook.Entry] = []
        for mention in ballot {
            let option = option(mention)
            if case .points = kind, option < 0 { continue }
            if let there = entries.firstIndex(where: { $0.proposal == mention.project }) {
                if case .points = kind { entries[there].option += option + 1 }
            } else {
                entries.append(BallotBook.Entry(proposal: mention.project, option: option))
            }
        }
        return entries
    }

    /// The count of all mentions, as if each were a vote of its own.
    package func everyMention(_ election: PabulibElection) -> ExpectedTally {
        var tally = ExpectedTally(proposals: election.projects.count, kind: kind)
        for mention in election.ballots.joined() {
            tally.addVote(option(mention), on: mention.project)
        }
        return tally
    }
}
