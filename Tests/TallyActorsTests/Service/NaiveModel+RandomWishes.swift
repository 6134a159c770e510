import TallyActors

// Random commands on the catalogue; the model's state forbids some of them.

extension NaiveModel {
    /// - Parameter nextName: counts the names that were given.
    func randomWish(
        for consultation: Identifier, using random: inout SeededRandom, nextName: inout Int
    ) -> CatalogueCommand {
        let numbers = numbers(of: consultation)
        let free = SeededRandom.phaseNames.filter { name in
            !numbers.contains { phases[$0]!.id == name }
        }
        if let number = numbers.randomElement(using: &random), free.isEmpty || !random.oneIn(4) {
            return changing(number, &random, &nextName)
        }
        guard let id = free.randomElement(using: &random) else {
            return .remove(consultation: consultation)
        }
        let rule = random.rule()
        var phase = NaivePhase(
            consultation: consultation, id: id, ballot: rule, proposals: [],
            opensAt: random.oneIn(2) ? now + Int64(random.int(-2_000..<60_000)) : nil,
            closesAt: random.oneIn(3) ? now + Int64(random.int(60_000..<900_000)) : nil, now: now)
        for _ in 0..<random.int(1..<6) {
            nextName += 1
            phase.proposals.append(
                .init(
                    id: random.name(nextName), cost: rule.kind == .budget ? random.cost() : nil))
        }
        if random.oneIn(4) { phase.results = .afterClose }
        return definition(of: consultation, with: phase)
    }

    /// The consultation as it is, with one phase in another form or in addition.
    private func definition(
        of consultation: Identifier, replacing number: Int? = nil, with wished: NaivePhase?
    ) -> CatalogueCommand {
        var kept = numbers(of: consultation).compactMap { $0 == number ? wished : phases[$0] }
        if number == nil, let wished { kept.append(wished) }
        return .define(
            consultation: consultation,
            definition: ConsultationDefinition(phases: kept.map(\.definition)))
    }

    private func changing(
        _ number: Int, _ random: inout SeededRandom, _ nextName: inout Int
    ) -> CatalogueCommand {
        let phase = phases[number]!
        var wished = phase
        switch random.int(0..<12) {
        case 0: return .openPhase(consultation: phase.consultation, phase: phase.id)
        case 1: return .closePhase(consultation: phase.consultation, phase: phase.id)
        case 2, 3: return .remove(consultation: phase.consultation)
        case 4:
            nextName += 1
            let cost = phase.ballot.kind == .budget ? random.cost() : nil
            return .putProposal(
                consultation: phase.consultation, phase: phase.id,
                proposal: ProposalDefinition(id: random.name(nextName), cost: cost))
        case 5:
            guard let proposal = phase.present.randomElement(using: &random) else { break }
            wished.proposals[Int(proposal)] = nil
        case 6, 7:
            wished.take(random.rule())
            for index in wished.present.map({ Int($0) }) {
                let cost = wished.proposals[index]!.cost ?? random.cost()
                wished.proposals[index]!.cost = wished.ballot.kind == .budget ? cost : nil
            }
        case 8: wished.closesAt = now + Int64(random.int(-2_000..<300_000))
        case 9: wished.opensAt = now + Int64(random.int(-2_000..<60_000))
        case 10:
            if random.oneIn(4) {
                return definition(of: phase.consultation, replacing: number, with: nil)
            }
            wished.results = phase.results == .live ? .afterClose : .live
        default:
            nextName += 1
            wished.title = random.oneIn(4) ? phase.title : random.name(nextName).description
        }
        if let opens = wished.opensAt, let closes = wished.closesAt, opens >= closes {
            wished = phase
        }
        return definition(of: phase.consultation, replacing: number, with: wished)
    }
}
