import TallyActors

/// A catalogue machine with the position that the sequencer would give it.
struct CatalogueDriver {
    private(set) var machine = CatalogueMachine()
    private(set) var position: UInt64 = 0
    var locks = VoteLocks()
    /// The counts that a phase is sealed with when it closes: at first none.
    var cut = Cut(sequence: 0, asOf: .at(0), catalogue: .empty, phases: [])
    var now: Int64 = 0

    var catalogue: Catalogue { machine.catalogue }

    mutating func apply(_ command: CatalogueCommand) -> CatalogueOutcome {
        let before = machine.catalogue
        let (outcome, changed) = machine.apply(
            command, sequence: position + 1, at: .at(now), locks: locks, cut: { [cut] in cut })
        precondition(changed == (before !== machine.catalogue), "changed means another catalogue")
        if changed {
            position += 1
            precondition(machine.catalogue.sequence == position, "a catalogue has its position")
        }
        return outcome
    }

    mutating func define(_ phases: PhaseDefinition..., title: String? = nil) -> CatalogueOutcome {
        let title = title.map { Title.text($0) }
        return apply(
            .define(
                consultation: "c",
                definition: ConsultationDefinition(title: title, phases: phases)))
    }

    mutating func put(
        _ proposal: Identifier, title: String? = nil, cost: UInt64? = nil,
        in phase: Identifier = "a"
    ) -> CatalogueOutcome {
        apply(
            .putProposal(
                consultation: "c", phase: phase,
                proposal: ProposalDefinition(
                    id: proposal, title: title.map { .text($0) }, cost: cost)))
    }

    mutating func open(_ phase: Identifier) -> CatalogueOutcome {
        apply(.openPhase(consultation: "c", phase: phase))
    }

    mutating func close(_ phase: Identifier) -> CatalogueOutcome {
        apply(.closePhase(consultation: "c", phase: phase))
    }

    mutating func remove() -> CatalogueOutcome { apply(.remove(consultation: "c")) }

    /// What time alone brings about, one after the other, in words.
    mutating func passTime(to instant: Int64) -> [String] {
        now = instant
        var passed: [String] = []
        while let command = machine.dueTransition(at: .at(now)) {
            switch command {
            case .openPhase(_, let phase): passed.append("open \(phase)")
            case .closePhase(_, let phase): passed.append("close \(phase)")
            default: preconditionFailure("time neither defines nor puts")
            }
            guard case .state = apply(command) else {
                preconditionFailure("what is due is never refused")
            }
        }
        return passed
    }

    func entry(_ phase: Identifier) -> PhaseEntry? {
        catalogue.consultation(named: "c")?.phase(named: phase)
    }

    func state(_ phase: Identifier) -> PhaseState? { entry(phase)?.state }
}
