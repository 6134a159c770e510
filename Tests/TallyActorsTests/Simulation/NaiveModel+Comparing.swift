import TallyActors

extension NaiveModel {
    /// What a cut at the model's position says otherwise, for people.
    func difference(from cut: Cut) -> String? {
        guard cut.sequence == position else {
            return "a cut is at \(cut.sequence), not \(position)"
        }
        let catalogue = cut.catalogue
        guard catalogue.phases.count == phases.count else {
            return "there are \(catalogue.phases.count) phases, not \(phases.count)"
        }
        for number in phases.indices {
            if let difference = difference(number, from: cut) {
                return "phase \(number): \(difference)"
            }
        }
        return differenceOfSeals(catalogue)
    }

    private func difference(_ number: Int, from cut: Cut) -> String? {
        guard let expected = phases[number], let entry = cut.catalogue.phase(UInt32(number))
        else {
            return phases[number] == nil && cut.catalogue.phase(UInt32(number)) == nil
                ? nil : "one of the two has removed it"
        }
        if entry.definition != expected.definition { return "another definition" }
        if entry.state != expected.state { return "\(entry.state), not \(expected.state)" }
        if entry.proposalIndices.map({ $0 != nil }) != expected.proposals.map({ $0 != nil }) {
            return "other proposals"
        }
        let phase = cut.phase(UInt32(number))
        if phase.voters != voters(number) {
            return "\(phase.voters) voters, not \(voters(number))"
        }
        var found: [[UInt32]: Int64] = [:]
        for proposal in 0..<UInt32(expected.proposals.count) {
            for option in 0..<expected.optionNames.count {
                let count = phase.counts(of: proposal)[option]
                if count != 0 { found[[proposal, UInt32(option)]] = count }
            }
        }
        return found == counts(number) ? nil : "the counts \(found), not \(counts(number))"
    }

    private func differenceOfSeals(_ catalogue: Catalogue) -> String? {
        let present = phases.compactMap { $0 }.map { ($0.consultation, $0.id) }
        for (consultation, phase) in present + removedSeals.map({ ($0.0, $0.1) }) {
            let seals = seals(of: phase, in: consultation)
            let newest = catalogue.seal(of: phase, in: consultation)
            let text = newest.map { String(decoding: $0.bytes, as: UTF8.self) }
            if text != seals.first?.json { return "a seal is \(text ?? "missing")" }
            if newest?.at.milliseconds != seals.first?.at { return "a seal has another time" }
            for seal in seals {
                let digest = Seal(at: .at(0), bytes: Array(seal.json.utf8)).digest
                if catalogue.seal(of: phase, in: consultation, digest: digest) == nil {
                    return "a seal is not kept: \(seal.json)"
                }
            }
        }
        return nil
    }

    /// What an account's own votes say otherwise.
    func difference(of account: Int, from held: AccountVotes) -> String? {
        let isRight =
            held.isDeleted == deleted.contains(account) && held.votes == words(account) ?? []
        return isRight ? nil : "account \(account) holds \(held), not \(words(account) as Any)"
    }

    /// What the machines of all shards hold otherwise.
    func difference(from machines: [BallotMachine]) -> String? {
        var found = (votes: 0, accounts: 0, tombstones: 0)
        for var machine in machines {
            while machine.isSweeping { machine.sweepStep() }
            found.votes += machine.voteCount
            found.accounts += machine.accountCount
            found.tombstones += machine.tombstoneCount
        }
        let isRight = found == (voteCount, votes.count, deleted.count)
        return isRight ? nil : "votes, accounts and deleted ones are \(found)"
    }
}
