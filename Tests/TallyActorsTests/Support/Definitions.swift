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
}

extension CatalogueOutcome {
    /// nil when the command was not refused.
    var refusal: Refusal? {
        if case .refused(let refusal, _) = self { refusal } else { nil }
    }
}
