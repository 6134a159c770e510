import TallyActors

/// What the naive model makes of a catalogue command.
enum NaiveVerdict: Equatable {
    case done(CatalogueOutcome, changes: Bool)
    /// One of these is the reason.
    case refused([Refusal])

    func agrees(with outcome: CatalogueOutcome) -> Bool {
        switch self {
        case .done(let expected, _): outcome == expected
        case .refused(let reasons): outcome.refusal.map { reasons.contains($0) } ?? false
        }
    }
}

extension NaiveModel {
    /// The transition that is due first.
    func dueTransition(at instant: Int64) -> CatalogueCommand? {
        var first: (due: Int64, phase: NaivePhase)?
        for case let phase? in phases {
            let due: Int64? =
                switch phase.state {
                case .scheduled: phase.opensAt
                case .open: phase.closesAt
                case .closed: nil
                }
            if let due, due <= instant, due < first?.due ?? .max { first = (due, phase) }
        }
        return first.map { _, phase in
            phase.state == .scheduled
                ? .openPhase(consultation: phase.consultation, phase: phase.id)
                : .closePhase(consultation: phase.consultation, phase: phase.id)
        }
    }

    /// Does what the command wishes, unless something stands against it; `position` moves when
    /// anything changed.
    mutating func perform(_ command: CatalogueCommand) -> NaiveVerdict {
        let verdict: NaiveVerdict =
            switch command {
            case .define(let consultation, let definition): define(consultation, definition)
            case .putProposal(let consultation, let phase, let proposal):
                onPhase(phase, of: consultation) { $0.put(proposal, in: $1) }
            case .openPhase(let consultation, let phase):
                onPhase(phase, of: consultation) { $0.openByHand($1) }
            case .closePhase(let consultation, let phase):
                onPhase(phase, of: consultation) { $0.closeByHand($1) }
            case .remove(let consultation): removeIfClosed(consultation)
            }
        if case .done(_, changes: true) = verdict { position += 1 }
        return verdict
    }

    private mutating func onPhase(
        _ phase: Identifier, of consultation: Identifier,
        _ body: (inout NaiveModel, Int) -> NaiveVerdict
    ) -> NaiveVerdict {
        guard consultations.contains(consultation) else { return .refused([.unknownConsultation]) }
        guard let number = numbers(of: consultation).first(where: { phases[$0]!.id == phase })
        else { return .refused([.unknownPhase]) }
        return body(&self, number)
    }

    private mutating func openByHand(_ number: Int) -> NaiveVerdict {
        let state = phases[number]!.state
        if state == .closed { return .refused([.phaseClosed]) }
        open(number)
        return .done(.state(.open), changes: state == .scheduled)
    }

    private mutating func closeByHand(_ number: Int) -> NaiveVerdict {
        let state = phases[number]!.state
        if state == .scheduled { return .refused([.phaseNotOpen]) }
        if state == .open { close(number) }
        return .done(.state(.closed), changes: state == .open)
    }

    private mutating func removeIfClosed(_ consultation: Identifier) -> NaiveVerdict {
        guard consultations.contains(consultation) else { return .refused([.unknownConsultation]) }
        if numbers(of: consultation).contains(where: { phases[$0]!.state != .closed }) {
            return .refused([.phaseNotClosed])
        }
        remove(consultation)
        return .done(.removed, changes: true)
    }

    private mutating func put(_ proposal: ProposalDefinition, in number: Int) -> NaiveVerdict {
        let phase = phases[number]!
        if (proposal.cost != nil) != (phase.ballot.kind == .budget) {
            return .refused([.invalidDefinition])
        }
        let known = phase.present.first { phase.proposal($0)!.id == proposal.id }
        guard let known else {
            if phase.state == .closed { return .refused([.phaseClosed]) }
            let added = NaivePhase.Proposal(id: proposal.id, cost: proposal.cost)
            phases[number]!.proposals.append(added)
            return .done(.created, changes: true)
        }
        if phase.proposal(known)!.cost == proposal.cost {
            return .done(.updated, changes: false)
        }
        if phase.state == .closed { return .refused([.phaseClosed]) }
        if phase.locked.contains(known) { return .refused([.rulesLocked]) }
        phases[number]!.proposals[Int(known)]!.cost = proposal.cost
        return .done(.updated, changes: true)
    }

    private mutating func define(
        _ consultation: Identifier, _ definition: ConsultationDefinition
    ) -> NaiveVerdict {
        let isKnown = consultations.contains(consultation)
        let old = numbers(of: consultation)
        if isKnown, old.map({ phases[$0]!.definition }) == definition.phases {
            return .done(.updated, changes: false)
        }
        let kept = definition.phases.map(\.id)
        let left = old.filter { !kept.contains(phases[$0]!.id) }
        var objections: [Refusal] = left.compactMap {
            if phases[$0]!.state == .closed { return .phaseClosed }
            return phases[$0]!.locked.isEmpty ? nil : .rulesLocked
        }
        for number in old {
            let wished = definition.phases.first { $0.id == phases[number]!.id }
            if let wished { objections += phases[number]!.objections(to: wished) }
        }
        guard objections.isEmpty else { return .refused(objections) }
        for number in left { phases[number] = nil }
        for wished in definition.phases {
            if let number = old.first(where: { phases[$0]?.id == wished.id }) {
                phases[number]!.take(wished)
                settleTimes(number)
            } else {
                var phase = NaivePhase(
                    consultation: consultation, id: wished.id, ballot: wished.ballot,
                    proposals: wished.proposals.map { .init(id: $0.id, cost: $0.cost) },
                    opensAt: wished.opensAt?.instant.milliseconds,
                    closesAt: wished.closesAt?.instant.milliseconds, now: now)
                phase.results = wished.results
                phases.append(phase)
                settleTimes(phases.count - 1)
            }
        }
        consultations.insert(consultation)
        return .done(isKnown ? .updated : .created, changes: true)
    }
}

extension NaivePhase {
    /// Why the phase may not be redefined so.
    fileprivate func objections(to wished: PhaseDefinition) -> [Refusal] {
        if state == .closed {
            return definition.withoutTitles == wished.withoutTitles ? [] : [.phaseClosed]
        }
        var objections: [Refusal] = []
        if state == .open, wished.opensAt?.instant.milliseconds != opensAt {
            objections.append(.rulesLocked)
        }
        if locked.isEmpty { return objections }
        if wished.withoutTitles.ballot != definition.withoutTitles.ballot
            || wished.results != results
        {
            objections.append(.rulesLocked)
        }
        for number in locked {
            guard let proposal = proposal(number) else { continue }
            let same = wished.proposals.first { $0.id == proposal.id }
            if same == nil || same?.cost != proposal.cost { objections.append(.rulesLocked) }
        }
        return objections
    }

    fileprivate mutating func take(_ wished: PhaseDefinition) {
        title = if case .text(let text) = wished.title { text } else { nil }
        opensAt = wished.opensAt?.instant.milliseconds
        closesAt = wished.closesAt?.instant.milliseconds
        results = wished.results
        take(wished.ballot)
        for number in present.map({ Int($0) }) {
            let same = wished.proposals.first { $0.id == proposals[number]!.id }
            proposals[number] = same.map { Proposal(id: $0.id, cost: $0.cost) }
        }
        for added in wished.proposals where !proposals.contains(where: { $0?.id == added.id }) {
            proposals.append(Proposal(id: added.id, cost: added.cost))
        }
    }
}

extension PhaseDefinition {
    /// Only what has a meaning.
    fileprivate var withoutTitles: PhaseDefinition {
        var bare = self
        bare.title = nil
        if bare.ballot.minimumVotes ?? 0 <= 1 { bare.ballot.minimumVotes = nil }
        return bare
    }
}
