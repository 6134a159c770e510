// How one catalogue follows from another: copies that share what stays the same.

extension Catalogue {
    func replacing(
        _ consultation: ConsultationEntry, removing removed: [PhaseNumber], sequence: UInt64
    ) -> Catalogue {
        var consultations = consultations
        if let index = consultations.firstIndex(where: { $0.id == consultation.id }) {
            consultations[index] = consultation
        } else {
            consultations.append(consultation)
        }
        var phases = phases
        for number in removed { phases[Int(number)] = nil }
        for phase in consultation.phases {
            if phase.number < phases.count {
                phases[Int(phase.number)] = phase
            } else {
                precondition(phase.number == phases.count, "a phase number was left out")
                phases.append(phase)
            }
        }
        return Catalogue(
            sequence: sequence, consultations: consultations, phases: phases,
            removedSeals: removedSeals)
    }

    /// Without a consultation whose phases are all closed, but with their seals.
    func removing(_ consultation: ConsultationEntry, sequence: UInt64) -> Catalogue {
        var phases = phases
        var seals = removedSeals
        for phase in consultation.phases {
            guard let seal = phase.seal else {
                preconditionFailure("a consultation with a phase that is not closed is removed")
            }
            phases[Int(phase.number)] = nil
            seals.append(
                RemovedSeal(consultation: consultation.id, phase: phase.id, seal: seal))
        }
        return Catalogue(
            sequence: sequence, consultations: consultations.filter { $0.id != consultation.id },
            phases: phases, removedSeals: seals)
    }
}

extension ConsultationEntry {
    func replacing(_ phase: PhaseEntry) -> ConsultationEntry {
        guard let index = phases.firstIndex(where: { $0.number == phase.number }) else {
            preconditionFailure("a phase of another consultation")
        }
        var phases = phases
        phases[index] = phase
        var definition = definition
        definition.phases[index] = phase.definition
        return ConsultationEntry(id: id, definition: definition, phases: phases)
    }
}

extension PhaseEntry {
    func opened() -> PhaseEntry { with(state: .open, seal: nil) }

    func closed(_ seal: Seal) -> PhaseEntry { with(state: .closed, seal: seal) }

    private func with(state: PhaseState, seal: Seal?) -> PhaseEntry {
        PhaseEntry(
            number: number, consultation: consultation, definition: definition, state: state,
            seal: seal, proposalNumbers: proposalNumbers,
            proposalCount: proposalIndices.count, choiceNumbers: choiceNumbers)
    }

    /// The phase under another definition: what keeps its name keeps its number, and what is added
    /// gets one that nothing had before.
    func redefined(
        as wished: PhaseDefinition
    ) throws(CatalogueMachine.Refused) -> PhaseEntry {
        var count = proposalIndices.count
        var numbers: [ProposalNumber] = []
        for proposal in wished.proposals {
            if let number = self.proposal(named: proposal.id) {
                numbers.append(number)
            } else {
                numbers.append(ProposalNumber(count))
                count += 1
            }
        }
        let known = Set(choiceNumbers)
        let choices = choiceNumbers + wished.ballot.choices.filter { !known.contains($0) }
        guard count < VoteWord.fieldLimit, choices.count < VoteWord.fieldLimit else {
            throw CatalogueMachine.Refused(
                refusal: .invalidDefinition,
                detail: "The phase \(id) has had 2^20 proposals or choices: no number is left.")
        }
        return PhaseEntry(
            number: number, consultation: consultation, definition: wished, state: state,
            seal: seal, proposalNumbers: numbers, proposalCount: count,
            choiceNumbers: choices)
    }
}
