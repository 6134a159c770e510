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
                "Proposals times choices come to more than \(ConsultationDefinition.maximumCounts)."
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
        guard results ?? "live" == "live" else {
            throw .invalid("In the phase \"\(id)\", results can only be \"live\".")
        }
        let rule = try ballot.judged(phase: id)
        guard proposals.count <= PhaseDefinition.maximumProposals else {
            throw .invalid(
                "The phase \"\(id)\" has more than \(PhaseDefinition.maximumProposals) proposals.")
        }
        var definitions: [ProposalDefinition] = []
        for proposal in proposals {
            guard let id = proposal.id else { preconditionFailure("a proposal without its id") }
            definitions.append(try proposal.judged(as: id))
        }
        if let twice = definitions.map(\.id).firstRepeated {
            throw .invalid("In the phase \"\(id)\", two proposals have the id \"\(twice)\".")
        }
        return PhaseDefinition(
            id: id, title: title, opensAt: opens, closesAt: closes, ballot: rule, results: .live,
            proposals: definitions)
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
        if let unofferedRule {
            throw .invalid("In the phase \"\(phase)\", \(unofferedRule) is not supported.")
        }
        switch kind {
        case "support":
            guard choices == nil else {
                throw .invalid("In the phase \"\(phase)\", a support ballot has no choices.")
            }
            return BallotRule(kind: .support)
        case "choice":
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
            return BallotRule(kind: .choice, choices: choices)
        default:
            throw .invalid("In the phase \"\(phase)\", the kind \"\(kind)\" is not supported.")
        }
    }
}

extension DefinitionDraft.Proposal {
    func judged(as id: Identifier) throws(DefinitionFault) -> ProposalDefinition {
        guard self.id ?? id == id else {
            throw .invalid("The body is about another proposal than the path: \"\(id)\".")
        }
        guard !hasCost else {
            throw .invalid("The proposal \"\(id)\" has a cost, which its ballot kind does not use.")
        }
        return ProposalDefinition(id: id, title: title)
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
