import TallyActors

extension DefinitionDraft {
    /// The definition that the draft means, with its local times resolved.
    func judged() throws(DefinitionFault) -> ConsultationDefinition {
        let zone: LocalZone
        if let timeZone {
            guard let named = LocalZone(named: timeZone) else {
                throw .invalid("There is no time zone \"\(timeZone)\" in the IANA database.")
            }
            zone = named
        } else {
            zone = .utc
        }
        var definitions: [PhaseDefinition] = []
        for phase in phases { definitions.append(try phase.judged(in: zone)) }
        if let twice = definitions.map(\.id).firstRepeated {
            throw .invalid("Two phases have the id \"\(twice)\".")
        }
        let definition = ConsultationDefinition(
            title: title, timeZone: timeZone, phases: definitions)
        guard definition.countCount <= ConsultationDefinition.maximumCounts else {
            throw .invalid(
                "Proposals times options come to more than \(ConsultationDefinition.maximumCounts)."
            )
        }
        return definition
    }
}

extension DefinitionDraft.Phase {
    fileprivate func judged(in zone: LocalZone) throws(DefinitionFault) -> PhaseDefinition {
        let opens = try time(opensAt, key: "opens_at", in: zone)
        let closes = try time(closesAt, key: "closes_at", in: zone)
        if let opens, let closes, closes.instant <= opens.instant {
            throw .invalid("In the phase \"\(id)\", closes_at does not come after opens_at.")
        }
        guard let visibility = ResultsVisibility(named: results ?? "live") else {
            throw .invalid("In the phase \"\(id)\", results is neither live nor after_close.")
        }
        let rule = try ballot.judged(phase: id)
        return PhaseDefinition(
            id: id, title: title, opensAt: opens, closesAt: closes, ballot: rule,
            results: visibility, proposals: try judgedProposals(under: rule))
    }

    private func judgedProposals(
        under rule: BallotRule
    ) throws(DefinitionFault) -> [ProposalDefinition] {
        guard proposals.count <= PhaseDefinition.maximumProposals else {
            throw .invalid(
                "The phase \"\(id)\" has more than \(PhaseDefinition.maximumProposals) proposals.")
        }
        var definitions: [ProposalDefinition] = []
        for draft in proposals {
            guard let name = draft.id else { preconditionFailure("a proposal without its id") }
            let proposal = try draft.judged(as: name)
            guard (proposal.cost != nil) == (rule.kind == .budget) else {
                let what =
                    rule.kind == .budget
                    ? "needs a cost" : "has a cost, which its ballot kind does not use"
                throw .invalid("In the phase \"\(id)\", the proposal \"\(name)\" \(what).")
            }
            definitions.append(proposal)
        }
        if let twice = definitions.map(\.id).firstRepeated {
            throw .invalid("In the phase \"\(id)\", two proposals have the id \"\(twice)\".")
        }
        return definitions
    }

    private func time(
        _ text: String?, key: String, in zone: LocalZone
    ) throws(DefinitionFault) -> ScheduledTime? {
        guard let text else { return nil }
        switch RFC3339(text) {
        case .instant(let instant):
            return ScheduledTime(text: text, instant: instant)
        case .local(let local):
            return ScheduledTime(text: text, instant: zone.instant(ofLocal: local))
        case nil:
            throw .invalid("In the phase \"\(id)\", \(key) is no time of RFC 3339: \"\(text)\".")
        }
    }
}

extension DefinitionDraft.Ballot {
    fileprivate func judged(phase: Identifier) throws(DefinitionFault) -> BallotRule {
        guard let kind = BallotKind.allCases.first(where: { $0.name == self.kind }) else {
            throw .invalid(
                "In the phase \"\(phase)\", there is no kind of ballot \"\(self.kind)\".")
        }
        try judgeLimits(of: kind, phase: phase)
        if kind == .choice {
            try judgeChoices(phase: phase)
        } else if choices != nil {
            throw .invalid("In the phase \"\(phase)\", a \(kind.name) ballot has no choices.")
        }
        return BallotRule(
            kind: kind, choices: choices ?? [], maximumVotes: limit(.maxVotes),
            minimumVotes: limit(.minVotes), budget: limit(.budget),
            maximumPoints: limit(.maxPoints), maximumPointsPerProposal: limit(.maxPointsPerProposal)
        )
    }

    /// A limit that is known to be in its range.
    private func limit<Value: BinaryInteger>(_ limit: BallotLimit) -> Value? {
        limits[limit].map { Value($0) }
    }

    private func judgeLimits(of kind: BallotKind, phase: Identifier) throws(DefinitionFault) {
        // In an order of their own: the same body is always refused in the same words.
        for (limit, value) in limits.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            guard kind.limits.contains(limit) else {
                throw .invalid(
                    "In the phase \"\(phase)\", a \(kind.name) ballot has no \(limit.rawValue).")
            }
            guard limit.range.contains(value) else {
                throw .invalid(
                    """
                    In the phase \"\(phase)\", \(limit.rawValue) is not from \
                    \(limit.range.lowerBound) to \(limit.range.upperBound).
                    """)
            }
        }
        if let needed = kind.neededLimit, limits[needed] == nil {
            throw .invalid(
                "In the phase \"\(phase)\", a \(kind.name) ballot needs \(needed.rawValue).")
        }
        if let least = limits[.minVotes], let most = limits[.maxVotes], least > most {
            throw .invalid("In the phase \"\(phase)\", min_votes is above max_votes.")
        }
    }

    private func judgeChoices(phase: Identifier) throws(DefinitionFault) {
        guard let choices, 1...BallotRule.maximumChoices ~= choices.count else {
            throw .invalid(
                """
                In the phase \"\(phase)\", a choice ballot needs 1 to \
                \(BallotRule.maximumChoices) choices.
                """)
        }
        if let twice = choices.firstRepeated {
            throw .invalid("In the phase \"\(phase)\", the choice \"\(twice)\" comes twice.")
        }
    }
}

extension DefinitionDraft.Proposal {
    /// Whether it needs a cost, or may have one, is its phase's to say.
    func judged(as id: Identifier) throws(DefinitionFault) -> ProposalDefinition {
        guard self.id ?? id == id else {
            throw .invalid("The body is about another proposal than the path: \"\(id)\".")
        }
        let range = 0...Int64(BallotRule.maximumAmount)
        guard cost.map(range.contains) ?? true else {
            throw .invalid(
                "The cost of the proposal \"\(id)\" is not from 0 to \(range.upperBound).")
        }
        return ProposalDefinition(id: id, title: title, cost: cost.map { UInt64($0) })
    }
}

extension DefinitionFault {
    fileprivate static func invalid(_ detail: String) -> DefinitionFault {
        DefinitionFault(.invalidDefinition, detail)
    }
}

extension [Identifier] {
    fileprivate var firstRepeated: Identifier? {
        var seen: Set<Identifier> = []
        return first { !seen.insert($0).inserted }
    }
}
