import RegexBuilder
import TallyActors

extension Stage {
    /// Sentences that define something or move it: what came of it.
    mutating func define(_ sentence: String) async -> String? {
        if let outcome = await definePhase(sentence) { return outcome }
        if let match = sentence.wholeMatch(of: /The phase "(.+?)" becomes \((.+)\)/) {
            guard let rule = Self.rule(match.2) else { return nil }
            return await change(match.1) { $0.ballot = rule }
        }
        if let match = sentence.wholeMatch(of: /The phase "(.+?)" now ends (.+)/) {
            guard let end = Self.time(match.2) else { return nil }
            return await change(match.1) { $0.closesAt = end }
        }
        if let match = sentence.wholeMatch(of: /The proposal "(.+?)" leaves "(.+?)"/) {
            let proposal = Identifier(validated: match.1.utf8)
            return await change(match.2) { $0.proposals.removeAll { $0.id == proposal } }
        }
        if let match = sentence.wholeMatch(of: /The proposal "(.+?)" in "(.+?)" now costs (\d+)/) {
            return await put(match.1, cost: match.3, in: match.2, done: "changed")
        }
        if let match = sentence.wholeMatch(of: /A proposal "(.+?)"(?: for (\d+))? joins "(.+?)"/) {
            return await put(match.1, cost: match.2, in: match.3, done: "added")
        }
        if let match = sentence.wholeMatch(of: /The phase "(.+?)" (opens|closes)/) {
            guard let home = homes[String(match.1)] else { return nil }
            let phase = Identifier(validated: match.1.utf8)
            return await perform(
                match.2 == "opens"
                    ? .openPhase(consultation: home, phase: phase)
                    : .closePhase(consultation: home, phase: phase))
        }
        if let match = sentence.wholeMatch(of: /The consultation "(.+?)" is removed/) {
            return await perform(.remove(consultation: Identifier(validated: match.1.utf8)))
        }
        return nil
    }

    /// - Parameter done: what a story calls it when something is there, or is as wished.
    private func perform(_ command: CatalogueCommand, done: String = "") async -> String {
        switch await service.perform(command).outcome {
        case .created, .updated: done
        case .removed: "removed"
        case .state(let state): "\(state)"
        case .refused(let refusal, _): "refused, \(refusal.rawValue)"
        }
    }

    /// `A consultation "C" with a phase …`, or `The consultation "C" also has a phase …`.
    private mutating func definePhase(_ sentence: String) async -> String? {
        let form =
            /(?:A|The) consultation "(.+?)" (with|also has) a phase "(.+?)" \((.+?)\) on (.+?)/
        let times = /(?:, open(?: from ([-0-9:. ]+?))?(?: until ([-0-9:. ]+))?)?/
        let pattern = Regex {
            form
            times
        }
        guard let match = sentence.wholeMatch(of: pattern) else { return nil }
        let (_, consultation, with, phase, rule, proposals, from, until) = match.output
        guard let rule = Self.rule(rule), let proposals = Self.proposals(proposals) else {
            return nil
        }
        let home = Identifier(validated: consultation.utf8)
        homes[String(phase)] = home
        var definition = ConsultationDefinition(phases: [])
        if with != "with" {
            definition = service.catalogue.consultation(named: home)?.definition ?? definition
        }
        definition.phases.append(
            PhaseDefinition(
                id: Identifier(validated: phase.utf8), opensAt: from.flatMap(Self.time),
                closesAt: until.flatMap(Self.time), ballot: rule, proposals: proposals))
        return await perform(
            .define(consultation: home, definition: definition),
            done: with == "with" ? "created" : "added")
    }

    private func change(
        _ phase: Substring, _ body: (inout PhaseDefinition) -> Void
    ) async -> String? {
        guard let home = homes[String(phase)],
            var definition = service.catalogue.consultation(named: home)?.definition,
            let index = definition.phases.firstIndex(where: { $0.id.description == phase })
        else { return nil }
        body(&definition.phases[index])
        return await perform(.define(consultation: home, definition: definition), done: "changed")
    }

    private func put(
        _ proposal: Substring, cost: Substring?, in phase: Substring, done: String
    ) async -> String? {
        guard let home = homes[String(phase)] else { return nil }
        return await perform(
            .putProposal(
                consultation: home, phase: Identifier(validated: phase.utf8),
                proposal: ProposalDefinition(
                    id: Identifier(validated: proposal.utf8), cost: cost.flatMap { UInt64($0) })),
            done: done)
    }

    // MARK: - Parts of sentences

    private static func time(_ text: Substring) -> ScheduledTime? {
        StoryTime.instant(text).map { ScheduledTime(text: String(text), instant: $0) }
    }

    /// `"trees", "benches" for 40`
    private static func proposals(_ text: Substring) -> [ProposalDefinition]? {
        var proposals: [ProposalDefinition] = []
        for part in text.split(separator: ", ") {
            guard let match = part.wholeMatch(of: /"(.+?)"(?: for (\d+))?/) else { return nil }
            proposals.append(
                ProposalDefinition(
                    id: Identifier(validated: match.1.utf8),
                    cost: match.2.flatMap { UInt64($0) }))
        }
        return proposals
    }

    /// `choice: agree, mixed; at least 2 votes`
    private static func rule(_ text: Substring) -> BallotRule? {
        let parts = text.split(separator: "; ")
        guard let first = parts.first, var rule = kind(first) else { return nil }
        for part in parts.dropFirst() {
            if let match = part.wholeMatch(of: /at most (\d+) votes?/) {
                rule.maximumVotes = UInt32(match.1)
            } else if let match = part.wholeMatch(of: /at least (\d+) votes?/) {
                rule.minimumVotes = UInt32(match.1)
            } else if let match = part.wholeMatch(of: /at most (\d+) points/) {
                rule.maximumPoints = UInt32(match.1)
            } else if let match = part.wholeMatch(of: /at most (\d+) points each/) {
                rule.maximumPointsPerProposal = UInt32(match.1)
            } else {
                return nil
            }
        }
        return rule
    }

    private static func kind(_ text: Substring) -> BallotRule? {
        if let match = text.wholeMatch(of: /choice: (.+)/) {
            let choices = match.1.split(separator: ", ")
            return BallotRule(
                kind: .choice, choices: choices.map { Identifier(validated: $0.utf8) })
        }
        if let match = text.wholeMatch(of: /budget of (\d+)/) {
            return UInt64(match.1).map { .budget($0) }
        }
        return BallotKind.allCases.first { $0.name == text }.map { BallotRule(kind: $0) }
    }
}
