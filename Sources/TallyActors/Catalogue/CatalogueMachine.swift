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
    ///   - cut: gives the counts before that position; asked when a phase closes, to seal them.
    /// - Returns: the outcome, and whether the catalogue changed: only then is the command worth a
    ///   place in the journal.
    public mutating func apply(
        _ command: CatalogueCommand, sequence: UInt64, at instant: Instant, locks: VoteLocks,
        cut: @escaping () -> Cut
    ) -> (outcome: CatalogueOutcome, changed: Bool) {
        let sealing = Sealing(instant: instant, cut: cut)
        do throws(Refused) {
            let step: Step
            switch command {
            case .define(let consultation, let definition):
                step = try define(consultation, definition, locks: locks, sealing)
            case .putProposal(let consultation, let phase, let proposal):
                step = try put(proposal, in: phase, of: consultation, locks: locks)
            case .openPhase(let consultation, let phase):
                step = try move(phase, of: consultation, to: .open, sealing)
            case .closePhase(let consultation, let phase):
                step = try move(phase, of: consultation, to: .closed, sealing)
            case .remove(let consultation):
                catalogue = catalogue.removing(try removable(consultation), sequence: sequence)
                return (.removed, true)
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

    /// What sealing a phase needs.
    struct Sealing {
        let instant: Instant
        let cut: () -> Cut

        func seal(_ phase: PhaseEntry) -> PhaseEntry {
            phase.closed(Seal(of: phase, counts: cut().counts(of: phase), at: instant))
        }
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
        _ sealing: Sealing
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
            let moved = state == .closed ? sealing.seal(phase) : phase.opened()
            return Step(outcome: .state(state), consultation: entry.replacing(moved))
        }
    }

    private func removable(_ consultation: Identifier) throws(Refused) -> ConsultationEntry {
        let entry = try entry(consultation)
        if let phase = entry.phases.first(where: { $0.state != .closed }) {
            throw Refused(
                refusal: .phaseNotClosed,
                detail: "The phase \(phase.id) is not closed: only a consultation that is over "
                    + "can be removed.")
        }
        return entry
    }
}
