extension CatalogueMachine {
    /// Adds one proposal to a phase, or changes what may change in one that is there.
    func put(
        _ proposal: ProposalDefinition, in phaseName: Identifier, of consultation: Identifier,
        locks: VoteLocks
    ) throws(Refused) -> Step {
        let entry = try entry(consultation)
        let phase = try phase(phaseName, of: entry)
        guard (proposal.cost != nil) == (phase.kind == .budget) else {
            throw Refused(
                refusal: .invalidDefinition,
                detail: phase.kind == .budget
                    ? "The phase \(phaseName) has a budget: its proposals need a cost."
                    : "The phase \(phaseName) has no budget: its proposals have no cost.")
        }
        var definition = phase.definition
        if let index = definition.proposals.firstIndex(where: { $0.id == proposal.id }) {
            if definition.proposals[index] == proposal {
                return Step(outcome: .updated, consultation: nil)
            }
            try Self.check(proposal, in: phase, locks: locks)
            definition.proposals[index] = proposal
            let changed = try phase.redefined(as: definition)
            return Step(outcome: .updated, consultation: entry.replacing(changed))
        }
        guard phase.state != .closed else {
            throw Refused(
                refusal: .phaseClosed,
                detail: "The phase \(phaseName) is closed: it takes no more proposals.")
        }
        guard definition.proposals.count < PhaseDefinition.maximumProposals else {
            throw Refused(
                refusal: .invalidDefinition,
                detail: "A phase has at most \(PhaseDefinition.maximumProposals) proposals.")
        }
        let options = max(1, phase.optionCount)
        guard entry.definition.countCount + options <= ConsultationDefinition.maximumCounts else {
            throw Refused(
                refusal: .invalidDefinition,
                detail:
                    "Proposals times options come to more than "
                    + "\(ConsultationDefinition.maximumCounts).")
        }
        definition.proposals.append(proposal)
        let grown = try phase.redefined(as: definition)
        return Step(outcome: .created, consultation: entry.replacing(grown))
    }

    /// Whether a proposal that is there may become this one: its title always; its cost until the
    /// phase closes or somebody votes for it.
    static func check(
        _ wished: ProposalDefinition, in phase: PhaseEntry, locks: VoteLocks
    ) throws(Refused) {
        guard let number = phase.proposal(named: wished.id),
            phase.proposalDefinition(number)?.cost != wished.cost
        else { return }
        if phase.state == .closed {
            throw Refused(
                refusal: .phaseClosed,
                detail: "The phase \(phase.id) is closed: only titles may change.")
        }
        if locks.isLocked(phase: phase.number, proposal: number) {
            throw Refused(
                refusal: .rulesLocked,
                detail: "The proposal \(wished.id) has votes: its cost is locked.")
        }
    }
}
