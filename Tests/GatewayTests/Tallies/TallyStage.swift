import Gateway
import NIOCore
import TallyActors

/// A catalogue and its counts, which a test moves on step by step, and the tallies that clients
/// get at each step.
struct TallyStage {
    private var machine = CatalogueMachine()
    private var counts = TallyMachine(shard: 0, of: 1)
    private(set) var cut = Cut(
        sequence: 0, asOf: Instant(milliseconds: 0), catalogue: .empty, phases: [])
    private var position: UInt64 = 0
    let renderings = TallyRenderings(key: SipHash128(key: (17, 4711)))

    var catalogue: Catalogue { machine.catalogue }

    /// A consultation `c` with these phases.
    init(_ phases: PhaseDefinition...) {
        define(phases)
    }

    @discardableResult
    mutating func apply(_ command: CatalogueCommand) -> CatalogueOutcome {
        let (outcome, changed) = machine.apply(
            command, sequence: position + 1, at: now, locks: VoteLocks(), cut: { [cut] in cut })
        if changed {
            position += 1
            counts.adopt(catalogue, sequence: position)
            makeCut()
        }
        return outcome
    }

    mutating func define(_ phases: [PhaseDefinition]) {
        let definition = ConsultationDefinition(phases: phases)
        precondition(apply(.define(consultation: "c", definition: definition)) != .removed)
    }

    mutating func close(_ phase: Identifier) {
        apply(.closePhase(consultation: "c", phase: phase))
    }

    /// Adds to the counts of one proposal, by number, and to the voters of its phase.
    mutating func count(
        _ deltas: [Int64], of proposal: ProposalNumber = 0, in phase: PhaseNumber = 0,
        voters: Int64 = 1
    ) {
        var changes = CountChanges()
        for (option, delta) in deltas.enumerated() where delta != 0 {
            changes.cells.append(
                CountChanges.CellChange(
                    phase: phase, proposal: proposal, option: UInt32(option), delta: delta))
        }
        if voters != 0 {
            changes.voters.append(CountChanges.VotersChange(phase: phase, delta: voters))
        }
        counts.fold([changes], first: position + 1, last: position + 1)
        position += 1
        makeCut()
    }

    /// A command that changes nothing.
    mutating func pass() { count([], voters: 0) }

    /// One second of the journal's time a command.
    private var now: Instant { Instant(milliseconds: Int64(position) * 1_000) }

    private mutating func makeCut() {
        cut = cut.advanced(
            to: position, asOf: now, catalogue: catalogue, parts: [counts.cut()])
    }

    func answer(
        _ scope: TallyScope, in cut: Cut? = nil, showsWithheld: Bool = false
    ) throws -> TallyAnswer {
        let view = TallyView(scope: scope, showsWithheld: showsWithheld)
        return try renderings.answer(for: view, in: cut ?? self.cut).get()
    }

    /// The body that a client gets.
    func body(_ scope: TallyScope, in cut: Cut? = nil) throws -> String {
        String(buffer: renderings.body(of: try answer(scope, in: cut)))
    }

    func tag(_ scope: TallyScope) throws -> String { try answer(scope).tag }
}

extension PhaseDefinition {
    static func phase(
        _ id: Identifier, _ ballot: BallotRule, results: ResultsVisibility = .live,
        proposals: Identifier...
    ) -> PhaseDefinition {
        PhaseDefinition(
            id: id, ballot: ballot, results: results,
            proposals: proposals.map {
                ProposalDefinition(id: $0, cost: ballot.kind == .budget ? 5 : nil)
            })
    }
}
