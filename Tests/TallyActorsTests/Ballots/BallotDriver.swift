import TallyActors

/// A ballot machine that owns every account, its catalogue, and the counts that it has told of.
struct BallotDriver {
    private(set) var definitions = CatalogueDriver()
    var machine = BallotMachine(partitions: 0..<Partition.count)
    /// By phase, proposal and option; zeros are left out.
    private(set) var counts: [[UInt32]: Int] = [:]
    /// By phase; zeros are left out.
    private(set) var voters: [UInt32: Int] = [:]
    private var tallies = TallyMachine(shard: 0, of: 1)

    /// Applies catalogue commands, and has the machines judge by what they made.
    mutating func change(_ body: (inout CatalogueDriver) -> Void) {
        takeChanges()
        definitions.locks = machine.locks
        body(&definitions)
        machine.adopt(definitions.catalogue)
        tallies.adopt(definitions.catalogue, sequence: tallies.position + 1)
        makeCut()
        for phase in definitions.catalogue.phases.indices
        where definitions.catalogue.phases[phase] == nil {
            counts = counts.filter { $0.key[0] != phase }
            voters[UInt32(phase)] = nil
        }
    }

    mutating func apply(_ command: Command) -> Outcome {
        defer { takeChanges() }
        return machine.apply(command)
    }

    /// A vote that carries what votes of the phase carry.
    mutating func cast(
        _ account: Int, _ phase: PhaseNumber, _ proposal: ProposalNumber, _ value: UInt32 = 0
    ) -> Outcome.Code {
        let vote = self.vote(account, phase, proposal, value)
        return apply(vote).code
    }

    mutating func withdraw(
        _ account: Int, _ phase: PhaseNumber, _ proposal: ProposalNumber
    ) -> Outcome.Code {
        apply(.withdraw(.numbered(account), phase: phase, proposal: proposal)).code
    }

    mutating func delete(_ account: Int) -> Outcome { apply(.delete(.numbered(account))) }

    /// A whole ballot of proposals and values.
    mutating func ballot(
        _ account: Int, _ phase: PhaseNumber, _ votes: (ProposalNumber, UInt32)...
    ) -> Outcome.Code {
        ballot(account, phase, votes.map { vote(account, phase, $0.0, $0.1) })
    }

    mutating func ballot(
        _ account: Int, _ phase: PhaseNumber, _ votes: [Command]
    ) -> Outcome.Code {
        defer { takeChanges() }
        let batch = CommandBatch(capacity: 1, completion: NobodyWaits())
        votes.withUnsafeBufferPointer {
            batch.appendBallot(of: .numbered(account), phase: phase, votes: $0)
        }
        let places = batch.commandBuffer
        return machine.apply(places[0], votes: UnsafeBufferPointer(rebasing: places[1...])).code
    }

    func vote(
        _ account: Int, _ phase: PhaseNumber, _ proposal: ProposalNumber, _ value: UInt32
    ) -> Command {
        let content = definitions.catalogue.phase(phase)?.kind.content ?? .nothing
        return .cast(
            .numbered(account), phase: phase, proposal: proposal, value: value, as: content)
    }

    func votes(_ account: Int) -> [VoteWord]? { machine.votes(of: .numbered(account)) }

    /// What an account holds in a phase, by proposal.
    func values(_ account: Int, _ phase: PhaseNumber) -> [ProposalNumber: UInt32] {
        let votes = (votes(account) ?? []).filter { $0.phase == phase }
        return Dictionary(uniqueKeysWithValues: votes.map { ($0.proposal, $0.value) })
    }

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

    private mutating func takeChanges() {
        let changes = machine.takeChanges()
        for change in changes.cells {
            counts[[change.phase, change.proposal, change.option], default: 0] += Int(change.delta)
        }
        for change in changes.voters { voters[change.phase, default: 0] += Int(change.delta) }
        counts = counts.filter { $0.value != 0 }
        voters = voters.filter { $0.value != 0 }
        let next = tallies.position + 1
        tallies.fold([changes], first: next, last: next)
        makeCut()
    }

    /// What the next phase that closes is sealed with.
    private mutating func makeCut() {
        definitions.cut = definitions.cut.advanced(
            to: tallies.position, asOf: .at(definitions.now), catalogue: definitions.catalogue,
            parts: [tallies.cut()])
    }
}

/// For batches that no service is given.
final class NobodyWaits: BatchCompletion {
    func batchApplied(_ batch: CommandBatch) {}
}
