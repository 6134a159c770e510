extension CatalogueMachine {
    /// The earliest instant at which a phase is to open or to close by itself; nil for none.
    public var nextTransition: Instant? {
        catalogue.phases.compactMap { $0?.nextTransition }.min()
    }

    /// The transition that is due first at `instant`; nil when none is. Each is a journaled
    /// command of its own, so a restart or another machine finds the same states.
    public func dueTransition(at instant: Instant) -> CatalogueCommand? {
        var first: (instant: Instant, phase: PhaseEntry)?
        for phase in catalogue.phases {
            guard let phase, let due = phase.nextTransition, due <= instant else { continue }
            if first == nil || due < first!.instant { first = (due, phase) }
        }
        guard let phase = first?.phase else { return nil }
        return phase.state == .scheduled
            ? .openPhase(consultation: phase.consultation, phase: phase.id)
            : .closePhase(consultation: phase.consultation, phase: phase.id)
    }
}

extension PhaseEntry {
    fileprivate var nextTransition: Instant? {
        switch state {
        case .scheduled: definition.opensAt?.instant
        case .open: definition.closesAt?.instant
        case .closed: nil
        }
    }

    /// The phase as its own times want it at the position of a definition with this instant.
    func due(_ sealing: CatalogueMachine.Sealing) -> PhaseEntry {
        let instant = sealing.instant
        var phase = self
        if phase.state == .scheduled, definition.opensAt.map({ $0.instant <= instant }) ?? true {
            phase = phase.opened()
        }
        if phase.state == .open, let closes = definition.closesAt, closes.instant <= instant {
            phase = sealing.seal(phase)
        }
        return phase
    }
}
