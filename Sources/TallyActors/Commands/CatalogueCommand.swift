/// A command on the catalogue: a barrier. Nothing is ordered after it until every shard has
/// applied it and every event loop sees the catalogue that it made.
public enum CatalogueCommand: Equatable, Sendable {
    case define(consultation: Identifier, definition: ConsultationDefinition)
    case putProposal(consultation: Identifier, phase: Identifier, proposal: ProposalDefinition)
    case openPhase(consultation: Identifier, phase: Identifier)
    case closePhase(consultation: Identifier, phase: Identifier)
    /// Removes a consultation whose phases are all closed, with every vote; its seals stay.
    case remove(consultation: Identifier)
}

/// What a catalogue command did.
public enum CatalogueOutcome: Equatable, Sendable {
    /// Something is there now that was not.
    case created
    /// It was there, and is as wished now.
    case updated
    /// It was there and is no more.
    case removed
    /// The phase is in this state now, or was already.
    case state(PhaseState)
    /// Nothing was done. The detail is for people: it says what stands in the way.
    case refused(Refusal, detail: String)
}
