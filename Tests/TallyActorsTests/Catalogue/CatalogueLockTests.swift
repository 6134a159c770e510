import TallyActors
import Testing

@Suite("The catalogue: rules lock with the first vote")
struct CatalogueLockTests {
    private var driver = CatalogueDriver()

    /// A phase with a vote for p1 in it.
    private mutating func lock(_ phase: PhaseDefinition) {
        #expect(driver.define(phase) == .created)
        driver.locks.lock(phase: 0, proposal: 1)
    }

    private mutating func redefine(
        _ body: (inout PhaseDefinition) -> Void
    ) -> CatalogueOutcome {
        var phase = driver.catalogue.consultations[0].definition.phases[0]
        body(&phase)
        return driver.define(phase)
    }

    struct Change: CustomTestStringConvertible {
        var before: BallotRule
        var after: BallotRule
        /// What the refusal must name.
        var name: String

        var testDescription: String { "\(before.kind.name): \(name)" }
    }

    static let changes = [
        Change(before: .support, after: .points(), name: "kind of ballot"),
        Change(before: .support, after: .budget(7), name: "kind of ballot"),
        Change(before: .choice("a", "b"), after: .choice("b", "a"), name: "choices"),
        Change(before: .choice("a", "b"), after: .choice("a", "b", "c"), name: "choices"),
        Change(before: .support, after: .support.limited(maximum: 3), name: "max_votes"),
        Change(before: .support.limited(maximum: 3), after: .support, name: "max_votes"),
        Change(
            before: .support.limited(maximum: 3), after: .support.limited(maximum: 4),
            name: "max_votes"),
        Change(before: .ranking(3), after: .ranking(4), name: "max_votes"),
        Change(before: .support, after: .support.limited(minimum: 2), name: "min_votes"),
        Change(
            before: .choice("a").limited(minimum: 2), after: .choice("a").limited(minimum: 1),
            name: "min_votes"),
        Change(before: .budget(7), after: .budget(8), name: "budget"),
        Change(before: .points(), after: .points(sum: 5), name: "max_points"),
        Change(before: .points(sum: 5), after: .points(sum: 6), name: "max_points"),
        Change(before: .points(each: 5), after: .points(), name: "max_points_per_proposal"),
        Change(before: .points(votes: 2), after: .points(votes: 1), name: "max_votes"),
    ]

    @Test("of every kind: the refusal names what is locked, and why", arguments: changes)
    mutating func rules(change: Change) {
        lock(.phase("a", ballot: change.before))
        guard
            case .refused(.rulesLocked, let detail) = redefine({ $0.ballot = change.after })
        else {
            Issue.record("the change was let through")
            return
        }
        #expect(detail.contains("phase a"))
        #expect(detail.contains("its \(change.name) cannot"))
        #expect(driver.position == 1)
        _ = driver.close("a")
        #expect(redefine { $0.ballot = change.after }.refusal == .phaseClosed)
    }

    @Test("before the first vote everything may change", arguments: changes)
    mutating func unlocked(change: Change) {
        _ = driver.define(.phase("a", ballot: change.before))
        #expect(redefine { $0.ballot = change.after } == .updated)
        #expect(driver.entry("a")?.definition.ballot == change.after)
    }

    @Test("a minimum of 0, of 1 and none are the same, also when the phase is closed")
    mutating func sameMinimum() {
        lock(.phase("a", ballot: .support.limited(maximum: 3)))
        for _ in 0..<2 {
            for minimum: UInt32? in [0, 1, nil] {
                #expect(redefine { $0.ballot.minimumVotes = minimum } == .updated)
                #expect(driver.entry("a")?.definition.ballot.minimumVotes == minimum)
            }
            _ = driver.close("a")
        }
    }

    @Test("when the results may be read is locked")
    mutating func results() {
        lock(.phase("a"))
        #expect(redefine { $0.results = .afterClose }.refusal == .rulesLocked)
        #expect(redefine { $0.results = .live } == .updated)
    }

    @Test("the costs of what has votes are locked, the others not, by either way to put them")
    mutating func costs() {
        lock(.budget("a", of: 10, costs: 1, 2, 3))
        #expect(redefine { $0.proposals[1].cost = 9 }.refusal == .rulesLocked)
        #expect(driver.put("p1", cost: 9).refusal == .rulesLocked)
        #expect(redefine { $0.proposals[0].cost = 9 } == .updated)
        #expect(driver.put("p2", cost: 8) == .updated)
        #expect(driver.put("p1", title: "Trees", cost: 2) == .updated)
        #expect(driver.entry("a")?.definition.proposals.map(\.cost) == [9, 2, 8])
        _ = driver.close("a")
        #expect(driver.put("p2", cost: 7).refusal == .phaseClosed)
        #expect(redefine { $0.proposals[0].cost = 1 }.refusal == .phaseClosed)
        #expect(driver.put("p2", title: "Benches", cost: 8) == .updated)
    }

    @Test("costs belong to budgets, and to nothing else")
    mutating func costsWhereTheyBelong() {
        _ = driver.define(.budget("a", of: 10, costs: 1), .phase("b"))
        #expect(driver.put("q").refusal == .invalidDefinition)
        #expect(driver.put("p0").refusal == .invalidDefinition)
        #expect(driver.put("q", cost: 0) == .created)
        #expect(driver.put("q", cost: 1, in: "b").refusal == .invalidDefinition)
        #expect(driver.put("p0", cost: 1, in: "b").refusal == .invalidDefinition)
    }

    @Test("a phase whose votes are all withdrawn stays locked; one with refused votes does not")
    func forGood() {
        var ballots = BallotDriver()
        ballots.change {
            _ = $0.define(.phase("a"), .phase("b", ballot: .support.limited(maximum: 1)))
        }
        _ = ballots.cast(1, 0, 0)
        _ = ballots.withdraw(1, 0, 0)
        _ = ballots.cast(1, 1, 9)
        _ = ballots.ballot(1, 1, (0, 0), (1, 0))
        ballots.change {
            #expect($0.define(.phase("b", ballot: .ranking(3))).refusal == .rulesLocked)
            #expect($0.define(.phase("a"), .phase("b", ballot: .ranking(3))) == .updated)
        }
    }
}
