import TallyActors

// Where the names of a path lead.

extension Catalogue {
    func find(_ path: Route.PhasePath) -> Result<PhaseEntry, Refusal> {
        guard let consultation = consultation(named: path.consultation) else {
            return .failure(.unknownConsultation)
        }
        guard let phase = consultation.phase(named: path.phase) else {
            return .failure(.unknownPhase)
        }
        return .success(phase)
    }

    func find(_ path: Route.ProposalPath) -> Result<(PhaseEntry, ProposalNumber), Refusal> {
        let phasePath = Route.PhasePath(consultation: path.consultation, phase: path.phase)
        return find(phasePath).flatMap { phase in
            guard let proposal = phase.proposal(named: path.proposal) else {
                return .failure(.unknownProposal)
            }
            return .success((phase, proposal))
        }
    }
}
