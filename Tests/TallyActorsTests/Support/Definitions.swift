import TallyActors

// Short ways to write definitions and commands down.

extension Instant {
    static func at(_ milliseconds: Int64) -> Instant { Instant(milliseconds: milliseconds) }
}

extension ScheduledTime {
    static func at(_ milliseconds: Int64) -> ScheduledTime {
        ScheduledTime(text: "at \(milliseconds)", instant: .at(milliseconds))
    }
}

extension BallotRule {
    static let support = BallotRule(kind: .support)

    static func choice(_ choices: Identifier...) -> BallotRule {
        BallotRule(kind: .choice, choices: choices)
    }

    static func budget(_ budget: UInt64) -> BallotRule {
        BallotRule(kind: .budget, budget: budget)
    }

    static func ranking(_ maximumVotes: UInt32) -> BallotRule {
        BallotRule(kind: .ranking, maximumVotes: maximumVotes)
    }

    static func points(
        votes: UInt32? = nil, sum: UInt32? = nil, each: UInt32? = nil
    ) -> BallotRule {
        BallotRule(
            kind: .points, maximumVotes: votes, maximumPoints: sum, maximumPointsPerProposal: each)
    }

    /// The same rule with limits on the number of votes.
    func limited(minimum: UInt32? = nil, maximum: UInt32? = nil) -> BallotRule {
        var rule = self
        rule.minimumVotes = minimum
        rule.maximumVotes = maximum
        return rule
    }
}

extension PhaseDefinition {
    static func phase(
        _ id: Identifier, title: String? = nil, opensAt: Int64? = nil, closesAt: Int64? = nil,
        ballot: BallotRule = .support, proposals: [Identifier] = ["p0", "p1", "p2"]
    ) -> PhaseDefinition {
        PhaseDefinition(
            id: id, title: title.map { .text($0) }, opensAt: opensAt.map { .at($0) },
            closesAt: closesAt.map { .at($0) }, ballot: ballot,
            proposals: proposals.map { ProposalDefinition(id: $0) })
    }

    /// A phase with a budget; its proposals are called p0, p1, and so on.
    static func budget(_ id: Identifier, of budget: UInt64, costs: UInt64...) -> PhaseDefinition {
        var phase = PhaseDefinition.phase(id, ballot: .budget(budget), proposals: [])
        phase.proposals = costs.enumerated().map { index, cost in
            ProposalDefinition(id: Identifier(validated: "p\(index)".utf8), cost: cost)
        }
        return phase
    }
}

extension CatalogueOutcome {
    /// nil when the command was not refused.
    var refusal: Refusal? {
        if case .refused(let refusal, _) = self { refusal } else { nil }
    }
}
