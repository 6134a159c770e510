/// The state at one position, as both rows have it.
package struct AuditedState: Sendable {
    package var cut: Cut
    package var machines: [BallotMachine]

    package init(cut: Cut, machines: [BallotMachine]) {
        self.cut = cut
        self.machines = machines
    }

    /// The first proposal or phase whose counts are not what the votes come to, for people.
    package func difference() -> String? {
        let catalogue = cut.catalogue
        var tally = TallyMachine(shard: 0, of: 1, position: 0)
        tally.configure(catalogue)
        for machine in machines { tally.restore([machine.recount()]) }
        let recounted = Cut(
            sequence: 0, asOf: cut.asOf, catalogue: .empty, phases: []
        ).advanced(
            to: cut.sequence, asOf: cut.asOf, catalogue: catalogue, parts: [tally.cut()])
        return cut.difference(from: recounted)
    }
}

extension Cut {
    /// The first place for which the other says otherwise, without figures.
    package func difference(from other: Cut) -> String? {
        for case let entry? in catalogue.phases {
            let left = counts(of: entry)
            let right = other.counts(of: entry)
            let place = "phase \(entry.id) of \(entry.consultation)"
            if left.voters != right.voters { return "the voters of \(place)" }
            for proposal in entry.proposalNumbers {
                let (counted, recounted) = (left.counts(of: proposal), right.counts(of: proposal))
                for option in 0..<entry.optionCount where counted[option] != recounted[option] {
                    let id = entry.proposalDefinition(proposal).map { "\($0.id)" } ?? "?"
                    return "a count of the proposal \(id) in \(place)"
                }
            }
            if let seal = entry.seal,
                Seal(of: entry, counts: right, at: seal.at).bytes != seal.bytes
            {
                return "the seal of \(place)"
            }
        }
        return nil
    }
}
