import TallyActors

/// What a tally's scope means in the catalogue of a cut.
enum TallySubject: Sendable {
    case consultation(ConsultationEntry)
    case phase(PhaseEntry)
    /// With the index into the phase's definition.
    case proposal(PhaseEntry, Int)

    static func find(_ scope: TallyScope, in cut: Cut) -> Result<TallySubject, Refusal> {
        guard let consultation = cut.catalogue.consultation(named: scope.consultation) else {
            return .failure(.unknownConsultation)
        }
        switch scope {
        case .consultation:
            return .success(.consultation(consultation))
        case .phase(_, let phaseName):
            guard let phase = consultation.phase(named: phaseName) else {
                return .failure(.unknownPhase)
            }
            return .success(.phase(phase))
        case .proposal(_, let phaseName, let proposalName):
            guard let phase = consultation.phase(named: phaseName) else {
                return .failure(.unknownPhase)
            }
            guard let number = phase.proposal(named: proposalName),
                let index = phase.proposalIndices[Int(number)]
            else { return .failure(.unknownProposal) }
            return .success(.proposal(phase, index))
        }
    }
}
