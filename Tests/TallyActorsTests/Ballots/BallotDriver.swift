import TallyActors

/// A ballot machine that owns every account, its catalogue, and the counts that it has told of.
struct BallotDriver {
    private(set) var definitions = CatalogueDriver()
    var machine = BallotMachine(partitions: 0..<Partition.count)
    /// By phase, proposal and option; zeros are left out.
    private(set) var counts: [[UInt32]: Int] = [:]
    /// By phase; zeros are left out.
    private(set) var voters: [UInt32: Int] = [:]

    /// Applies catalogue commands, and has the machine judge by what they made.
    mutating func change(_ body: (inout CatalogueDriver) -> Void) {
        definitions.locks = machine.locks
        body(&definitions)
        machine.adopt(definitions.catalogue)
    }

    mutating func apply(_ command: Command) -> Outcome {
        let outcome = machine.apply(command)
        let changes = machine.takeChanges()
        for change in changes.cells {
            counts[[change.phase, change.proposal, change.option], default: 0] += Int(change.delta)
        }
        for change in changes.voters { voters[change.phase, default: 0] += Int(change.delta) }
        counts = counts.filter { $0.value != 0 }
        voters = voters.filter { $0.value != 0 }
        return outcome
    }

    mutating func cast(
        _ account: Int, _ phase: PhaseNumber, _ proposal: ProposalNumber, _ value: UInt32 = 0
    ) -> Outcome.Code {
        apply(.cast(.numbered(account), phase: phase, proposal: proposal, value: value)).code
    }

    mutating func withdraw(
        _ account: Int, _ phase: PhaseNumber, _ proposal: ProposalNumber
    ) -> Outcome.Code {
        apply(.withdraw(.numbered(account), phase: phase, proposal: proposal)).code
    }

    mutating func delete(_ account: Int) -> Outcome { apply(.delete(.numbered(account))) }

    func votes(_ account: Int) -> [VoteWord]? { machine.votes(of: .numbered(account)) }

    /// What a recount of all votes and frozen sums comes to, in the form of `counts` and `voters`.
    var recount: (counts: [[UInt32]: Int], voters: [UInt32: Int]) {
        let changes = machine.recount()
        return (
            Dictionary(
                uniqueKeysWithValues: changes.cells.map {
                    ([$0.phase, $0.proposal, $0.option], Int($0.delta))
                }),
            Dictionary(uniqueKeysWithValues: changes.voters.map { ($0.phase, Int($0.delta)) })
        )
    }
}
