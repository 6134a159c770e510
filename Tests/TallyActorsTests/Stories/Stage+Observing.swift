import TallyActors

extension Stage {
    /// Sentences that say how things stand: as they should read.
    func observe(_ line: String) async -> String? {
        if let match = line.wholeMatch(of: /Then "(.+?)" in "(.+?)" has .+/) {
            return await counts(match.1, in: match.2)
        }
        if let match = line.wholeMatch(of: /Then "(.+?)" is (?:scheduled|open|closed)/) {
            return entry(match.1).map { "Then \"\(match.1)\" is \($0.state)" }
        }
        if let match = line.wholeMatch(of: /Then the seal of "(.+?)" is .+/) {
            guard let home = homes[String(match.1)] else { return nil }
            let name = Identifier(validated: match.1.utf8)
            guard let seal = service.catalogue.seal(of: name, in: home) else {
                return "Then there is no seal of \"\(match.1)\""
            }
            let text = String(decoding: seal.bytes, as: UTF8.self)
            return "Then the seal of \"\(match.1)\" is \(text)"
        }
        if let match = line.wholeMatch(of: /Then (\w+) holds .+/) { return await held(match.1) }
        if let match = line.wholeMatch(of: /Then nothing is held about (\w+) but the refusal/) {
            return await held(match.1)
        }
        return nil
    }

    private func counts(_ proposal: Substring, in phase: Substring) async -> String? {
        let cut = await service.cut()
        guard let entry = entry(phase),
            let number = entry.proposal(named: Identifier(validated: proposal.utf8))
        else { return nil }
        let counts = cut.phase(entry.number).counts(of: number)
        let figures = entry.definition.ballot.options.enumerated().map { "\($1) \(counts[$0])" }
        let voters = cut.phase(entry.number).voters
        return "Then \"\(proposal)\" in \"\(phase)\" has \(figures.joined(separator: ", ")), "
            + "and there \(voters == 1 ? "is 1 voter" : "are \(voters) voters")"
    }

    private func held(_ name: Substring) async -> String {
        let held = await service.votes(of: account(name))
        if held.isDeleted { return "Then nothing is held about \(name) but the refusal" }
        let byPhase = Dictionary(grouping: held.votes, by: \.phase)
        let counted = byPhase.filter { phase, votes in
            service.catalogue.phase(phase)!.counts(votes: votes.count)
        }.values.reduce(0) { $0 + $1.count }
        return "Then \(name) holds \(Self.votes(held.votes.count)), of which \(counted) "
            + (counted == 1 ? "counts" : "count")
    }
}
