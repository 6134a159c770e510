extension CatalogueMachine {
    /// Puts a whole definition in the place of what was there.
    func define(
        _ id: Identifier, _ definition: ConsultationDefinition, locks: VoteLocks,
        _ sealing: Sealing
    ) throws(Refused) -> Step {
        let old = catalogue.consultation(named: id)
        if let old, old.definition == definition {
            return Step(outcome: .updated, consultation: nil)
        }
        var removed: [PhaseNumber] = []
        let kept = Set(definition.phases.map(\.id))
        for phase in old?.phases ?? [] where !kept.contains(phase.id) {
            try checkRemoval(of: phase, locks: locks)
            removed.append(phase.number)
        }
        var nextNumber = PhaseNumber(catalogue.phases.count)
        var phases: [PhaseEntry] = []
        for wished in definition.phases {
            if let phase = old?.phase(named: wished.id) {
                try Self.check(wished, against: phase, locks: locks)
                let redefined = try phase.redefined(as: wished)
                phases.append(redefined.due(sealing))
            } else {
                guard nextNumber < VoteWord.fieldLimit - 1 else {
                    throw Refused(
                        refusal: .invalidDefinition,
                        detail: "The server has no number left for another phase.")
                }
                let empty = PhaseEntry(
                    number: nextNumber, consultation: id, definition: wished, state: .scheduled,
                    seal: nil, proposalNumbers: wished.proposals.indices.map { UInt32($0) },
                    proposalCount: wished.proposals.count, choiceNumbers: wished.ballot.choices)
                phases.append(empty.due(sealing))
                nextNumber += 1
            }
        }
        return Step(
            outcome: old == nil ? .created : .updated,
            consultation: ConsultationEntry(id: id, definition: definition, phases: phases),
            removed: removed)
    }

    private func checkRemoval(of phase: PhaseEntry, locks: VoteLocks) throws(Refused) {
        if phase.state == .closed {
            throw Refused(
                refusal: .phaseClosed,
                detail: "The phase \(phase.id) is closed: it cannot be left out.")
        }
        if locks.isLocked(phase: phase.number) {
            throw Refused(
                refusal: .rulesLocked,
                detail: "The phase \(phase.id) has votes: it cannot be left out.")
        }
    }

    /// What may change in a phase: titles always; while it is not closed its end and additional
    /// proposals; while nobody has voted everything but the start of an open one.
    private static func check(
        _ wished: PhaseDefinition, against phase: PhaseEntry, locks: VoteLocks
    ) throws(Refused) {
        let now = phase.definition
        if phase.state == .closed {
            guard now.meaning == wished.meaning else {
                throw Refused(
                    refusal: .phaseClosed,
                    detail: "The phase \(phase.id) is closed: only titles may change.")
            }
            return
        }
        if phase.state == .open, now.opensAt?.instant != wished.opensAt?.instant {
            throw Refused(
                refusal: .rulesLocked,
                detail: "The phase \(phase.id) is open: its opens_at cannot move.")
        }
        guard locks.isLocked(phase: phase.number) else { return }
        if let locked = now.difference(from: wished) {
            throw Refused(
                refusal: .rulesLocked,
                detail: "The phase \(phase.id) has votes: its \(locked) cannot change.")
        }
        for proposal in wished.proposals { try check(proposal, in: phase, locks: locks) }
        let kept = Set(wished.proposals.map(\.id))
        for (proposal, number) in zip(now.proposals, phase.proposalNumbers)
        where locks.isLocked(phase: phase.number, proposal: number)
            && !kept.contains(proposal.id)
        {
            throw Refused(
                refusal: .rulesLocked,
                detail: "The proposal \(proposal.id) has votes: it cannot be left out.")
        }
    }
}

extension PhaseDefinition {
    /// The first of the rules of a phase that the other sets otherwise, by the contract's name.
    fileprivate func difference(from other: PhaseDefinition) -> String? {
        let mine = ballot.meaning
        let others = other.ballot.meaning
        if mine.kind != others.kind { return "kind of ballot" }
        if mine.choices != others.choices { return "choices" }
        for (limit, other) in zip(mine.limits, others.limits) where limit.value != other.value {
            return "\(limit.name)"
        }
        return results == other.results ? nil : "results"
    }

    /// The definition without titles and without the spelling of its times.
    fileprivate var meaning: PhaseDefinition {
        var bare = self
        bare.title = nil
        bare.ballot = ballot.meaning
        bare.opensAt?.text = ""
        bare.closesAt?.text = ""
        for index in bare.proposals.indices { bare.proposals[index].title = nil }
        return bare
    }
}
