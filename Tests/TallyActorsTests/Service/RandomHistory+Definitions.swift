import TallyActors
import Testing

extension RandomHistory {
    private mutating func name() -> Identifier {
        nextName += 1
        return random.name(nextName)
    }

    private mutating func proposal(for rule: BallotRule) -> NaivePhase.Proposal {
        NaivePhase.Proposal(id: name(), cost: rule.kind == .budget ? random.cost() : nil)
    }

    private func definition(_ phases: [NaivePhase]) -> ConsultationDefinition {
        ConsultationDefinition(phases: phases.map(\.definition))
    }

    // MARK: - What is expected

    /// Performs, and counts the number that the command takes when it changes something.
    mutating func expect(
        _ command: CatalogueCommand, _ expected: CatalogueOutcome, changes: Bool
    ) async {
        if changes { model.position += 1 }
        let (outcome, sequence) = await service.perform(command)
        if case .refused(let refusal, _) = expected {
            #expect(outcome.refusal == refusal, "\(command)")
        } else {
            #expect(outcome == expected, "\(command)")
        }
        #expect(sequence == model.position)
    }

    mutating func expect(_ command: CatalogueCommand, _ refusal: Refusal) async {
        await expect(command, .refused(refusal, detail: ""), changes: false)
    }

    // MARK: - Definitions

    mutating func addPhase() async {
        let consultation = SeededRandom.consultations.randomElement(using: &random)!
        let existing = model.numbers(of: consultation).map { model.phases[$0]! }
        let names = SeededRandom.phaseNames.filter { name in !existing.contains { $0.id == name } }
        guard let id = names.randomElement(using: &random) else { return }
        let rule = random.rule()
        var phase = NaivePhase(
            consultation: consultation, id: id, ballot: rule,
            proposals: (0..<random.int(1..<6)).map { _ in proposal(for: rule) },
            opensAt: random.oneIn(2) ? model.now + Int64(random.int(-20..<50)) : nil,
            closesAt: random.oneIn(2) ? model.now + Int64(random.int(50..<500)) : nil,
            now: model.now)
        if random.oneIn(4) { phase.results = .afterClose }
        model.phases.append(phase)
        let isNew = model.consultations.insert(consultation).inserted
        await expect(
            .define(consultation: consultation, definition: definition(existing + [phase])),
            isNew ? .created : .updated, changes: true)
    }

    /// Puts the consultation again with another form of one phase, which some of its votes may
    /// forbid.
    private mutating func redefine(
        _ number: Int, as wished: NaivePhase?, isLocked: Bool, changesMeaning: Bool = true
    ) async {
        let consultation = model.phases[number]!.consultation
        let isClosed = model.phases[number]!.state == .closed
        let phases = model.numbers(of: consultation).compactMap {
            $0 == number ? wished : model.phases[$0]
        }
        let command = CatalogueCommand.define(
            consultation: consultation, definition: definition(phases))
        if isClosed && changesMeaning { return await expect(command, .phaseClosed) }
        if isLocked { return await expect(command, .rulesLocked) }
        let changes = wished?.definition != model.phases[number]!.definition
        model.phases[number] = wished
        if wished != nil { model.settleTimes(number) }
        await expect(command, .updated, changes: changes)
    }

    mutating func changePhase() async {
        guard
            let number = model.phases.indices.filter({ model.phases[$0] != nil })
                .randomElement(using: &random)
        else { return }
        let phase = model.phases[number]!
        var wished = phase
        switch random.int(0..<10) {
        case 0: await addProposal(to: number)
        case 1:
            guard let proposal = phase.present.randomElement(using: &random) else { return }
            wished.proposals[Int(proposal)] = nil
            await redefine(number, as: wished, isLocked: phase.locked.contains(proposal))
        case 2, 3:
            wished.take(random.rule())
            for index in wished.present.map({ Int($0) }) {
                let cost = wished.proposals[index]!.cost ?? random.cost()
                wished.proposals[index]!.cost = wished.ballot.kind == .budget ? cost : nil
            }
            // Now and then the same definition ends the phase.
            if random.oneIn(5) { wished.closesAt = model.now }
            guard wished.hasOtherMeaning(than: phase), wished.hasTimesInOrder else { return }
            await redefine(number, as: wished, isLocked: !phase.locked.isEmpty)
        case 4, 5: await changeCost(in: number)
        case 6:
            wished.results = phase.results == .live ? .afterClose : .live
            await redefine(number, as: wished, isLocked: !phase.locked.isEmpty)
        case 7:
            wished.closesAt = model.now + Int64(random.int(-20..<100))
            guard wished.hasTimesInOrder else { return }
            await redefine(
                number, as: wished, isLocked: false,
                changesMeaning: wished.closesAt != phase.closesAt)
        case 8:
            wished.opensAt = model.now + Int64(random.int(-20..<100))
            guard wished.hasTimesInOrder else { return }
            let moves = wished.opensAt != phase.opensAt
            await redefine(
                number, as: wished, isLocked: moves && phase.state != .scheduled,
                changesMeaning: moves)
        default:
            if random.oneIn(3) {
                return await redefine(number, as: nil, isLocked: !phase.locked.isEmpty)
            }
            // Another spelling of the same.
            if random.oneIn(2) { wished.title = name().description }
            if phase.ballot.minimumVotes ?? 0 <= 1, phase.ballot.kind == .support {
                wished.ballot.minimumVotes = [nil, 0, 1][random.int(0..<3)]
            }
            await redefine(number, as: wished, isLocked: false, changesMeaning: false)
        }
    }

    private mutating func addProposal(to number: Int) async {
        let phase = model.phases[number]!
        let isWrong = random.oneIn(5)
        let added = NaivePhase.Proposal(
            id: name(), cost: (phase.ballot.kind == .budget) != isWrong ? random.cost() : nil)
        let command = CatalogueCommand.putProposal(
            consultation: phase.consultation, phase: phase.id,
            proposal: ProposalDefinition(id: added.id, cost: added.cost))
        if isWrong { return await expect(command, .invalidDefinition) }
        if phase.state == .closed { return await expect(command, .phaseClosed) }
        model.phases[number]!.proposals.append(added)
        await expect(command, .created, changes: true)
    }

    /// By either of the two ways to do so.
    private mutating func changeCost(in number: Int) async {
        var wished = model.phases[number]!
        guard wished.ballot.kind == .budget,
            let proposal = wished.present.randomElement(using: &random)
        else { return }
        let before = wished.proposals[Int(proposal)]!
        let cost = random.cost()
        wished.proposals[Int(proposal)]!.cost = cost
        let isLocked = wished.locked.contains(proposal) && cost != before.cost
        if random.oneIn(2) {
            return await redefine(
                number, as: wished, isLocked: isLocked, changesMeaning: cost != before.cost)
        }
        let command = CatalogueCommand.putProposal(
            consultation: wished.consultation, phase: wished.id,
            proposal: ProposalDefinition(id: before.id, cost: cost))
        if wished.state == .closed, cost != before.cost {
            return await expect(command, .phaseClosed)
        }
        if isLocked { return await expect(command, .rulesLocked) }
        model.phases[number] = wished
        await expect(command, .updated, changes: cost != before.cost)
    }
}

extension NaivePhase {
    /// Whoever reads definitions refuses those that end before they begin.
    fileprivate var hasTimesInOrder: Bool {
        guard let opensAt, let closesAt else { return true }
        return opensAt < closesAt
    }

    /// Whether the ballots differ otherwise than by a minimum that everybody reaches.
    fileprivate func hasOtherMeaning(than other: NaivePhase) -> Bool {
        var left = ballot
        var right = other.ballot
        if left.minimumVotes ?? 0 <= 1 { left.minimumVotes = nil }
        if right.minimumVotes ?? 0 <= 1 { right.minimumVotes = nil }
        return left != right
    }
}
