/// The third machine: what is defined and in which state. A pure value: the same commands at the
/// same positions and instants make the same catalogue on any machine.
public struct CatalogueMachine: Sendable {
    public private(set) var catalogue: Catalogue

    public init(catalogue: Catalogue = .empty) {
        self.catalogue = catalogue
    }

    /// Judges a command at its position and applies it when nothing stands in its way.
    ///
    /// - Parameters:
    ///   - sequence: the command's position, should it be accepted.
    ///   - instant: the record's time.
    ///   - locks: what has had an accepted vote before that position.
    /// - Returns: the outcome, and whether the catalogue changed: only then is the command worth a
    ///   place in the journal.
    public mutating func apply(
        _ command: CatalogueCommand, sequence: UInt64, at instant: Instant, locks: VoteLocks
    ) -> (outcome: CatalogueOutcome, changed: Bool) {
        do throws(Refused) {
            let step: Step
            switch command {
            case .define(let consultation, let definition):
                step = try define(consultation, definition, at: instant, locks: locks)
            case .putProposal(let consultation, let phase, let proposal):
                step = try put(proposal, in: phase, of: consultation)
            case .openPhase(let consultation, let phase):
                step = try move(phase, of: consultation, to: .open, at: instant)
            case .closePhase(let consultation, let phase):
                step = try move(phase, of: consultation, to: .closed, at: instant)
            }
            guard let consultation = step.consultation else { return (step.outcome, false) }
            catalogue = catalogue.replacing(
                consultation, removing: step.removed, sequence: sequence)
            return (step.outcome, true)
        } catch {
            return (.refused(error.refusal, detail: error.detail), false)
        }
    }

    /// What a command would do: the consultation as it will be, or nil when it stays as it is.
    struct Step {
        var outcome: CatalogueOutcome
        var consultation: ConsultationEntry?
        var removed: [PhaseNumber] = []
    }

    /// How a rule stops a command from being judged further.
    struct Refused: Error {
        var refusal: Refusal
        var detail: String
    }

    func entry(
        _ consultation: Identifier
    ) throws(Refused) -> ConsultationEntry {
        guard let entry = catalogue.consultation(named: consultation) else {
            throw Refused(
                refusal: .unknownConsultation, detail: "There is no consultation \(consultation).")
        }
        return entry
    }

    func phase(
        _ phase: Identifier, of entry: ConsultationEntry
    ) throws(Refused) -> PhaseEntry {
        guard let found = entry.phase(named: phase) else {
            throw Refused(
                refusal: .unknownPhase,
                detail: "The consultation \(entry.id) has no phase \(phase).")
        }
        return found
    }

    private func move(
        _ phaseName: Identifier, of consultation: Identifier, to state: PhaseState,
        at instant: Instant
    ) throws(Refused) -> Step {
        let entry = try entry(consultation)
        let phase = try phase(phaseName, of: entry)
        switch (phase.state, state) {
        case (.closed, .open):
            throw Refused(
                refusal: .phaseClosed, detail: "A closed phase never opens again: \(phaseName).")
        case (.scheduled, .closed):
            throw Refused(
                refusal: .phaseNotOpen, detail: "The phase \(phaseName) has not opened yet.")
        case (let before, let after) where before == after:
            return Step(outcome: .state(state), consultation: nil)
        default:
            let moved = phase.with(
                state: state, closedAt: state == .closed ? instant : phase.closedAt)
            return Step(outcome: .state(state), consultation: entry.replacing(moved))
        }
    }

    private func put(
        _ proposal: ProposalDefinition, in phaseName: Identifier, of consultation: Identifier
    ) throws(Refused) -> Step {
        let entry = try entry(consultation)
        let phase = try phase(phaseName, of: entry)
        var definition = phase.definition
        if let index = definition.proposals.firstIndex(where: { $0.id == proposal.id }) {
            if definition.proposals[index] == proposal {
                return Step(outcome: .updated, consultation: nil)
            }
            // Only the title can differ: costs come with the kind `budget`.
            definition.proposals[index] = proposal
            let changed = try phase.redefined(as: definition, state: phase.state)
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
        let options = max(1, definition.ballot.choices.count)
        guard entry.definition.countCount + options <= ConsultationDefinition.maximumCounts else {
            throw Refused(
                refusal: .invalidDefinition,
                detail:
                    "Proposals times choices come to more than "
                    + "\(ConsultationDefinition.maximumCounts).")
        }
        definition.proposals.append(proposal)
        let grown = try phase.redefined(as: definition, state: phase.state)
        return Step(outcome: .created, consultation: entry.replacing(grown))
    }
}
