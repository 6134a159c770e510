import TallyActors
import Testing

@Suite("The catalogue: definitions")
struct CatalogueDefinitionTests {
    private var driver = CatalogueDriver()

    @Test("creates, replaces, and takes no position for what changes nothing")
    mutating func createReplaceUnchanged() {
        #expect(driver.define(.phase("a")) == .created)
        #expect(driver.define(.phase("a"), title: "Budget") == .updated)
        #expect(driver.position == 2)
        #expect(driver.define(.phase("a"), title: "Budget") == .updated)
        #expect(driver.position == 2)
    }

    @Test("knows only what is defined")
    mutating func unknown() {
        #expect(driver.open("a").refusal == .unknownConsultation)
        #expect(driver.put("p").refusal == .unknownConsultation)
        _ = driver.define(.phase("a"))
        #expect(driver.open("b").refusal == .unknownPhase)
        #expect(driver.close("b").refusal == .unknownPhase)
        #expect(driver.put("p", in: "b").refusal == .unknownPhase)
        #expect(driver.position == 1)
    }

    @Test("opens at once what has no start, or one that is past")
    mutating func opensAtOnce() {
        driver.now = 100
        _ = driver.define(
            .phase("none"), .phase("past", opensAt: 99), .phase("now", opensAt: 100),
            .phase("future", opensAt: 101))
        #expect(driver.state("none") == .open)
        #expect(driver.state("past") == .open)
        #expect(driver.state("now") == .open)
        #expect(driver.state("future") == .scheduled)
    }

    @Test("closes at the command's own time what is given an end that is past")
    mutating func endMovedIntoThePast() {
        driver.now = 100
        _ = driver.define(.phase("a", closesAt: 500))
        driver.now = 200
        #expect(driver.define(.phase("a", closesAt: 150)) == .updated)
        #expect(driver.state("a") == .closed)
        #expect(driver.entry("a")?.seal?.at == .at(200))
    }

    @Test("keeps a phase open whose end moves, or goes")
    mutating func anotherEnd() {
        _ = driver.define(.phase("a", closesAt: 500))
        #expect(driver.define(.phase("a", closesAt: 900)) == .updated)
        #expect(driver.passTime(to: 600) == [])
        #expect(driver.define(.phase("a")) == .updated)
        #expect(driver.passTime(to: 1000) == [])
        #expect(driver.state("a") == .open)
    }

    @Test("locks opens_at once the phase is open, by whatever way it opened")
    mutating func opensAtIsLocked() {
        _ = driver.define(.phase("a", opensAt: 500))
        #expect(driver.define(.phase("a", opensAt: 400)) == .updated)
        #expect(driver.open("a") == .state(.open))
        #expect(driver.define(.phase("a", opensAt: 300)).refusal == .rulesLocked)
        #expect(driver.define(.phase("a")).refusal == .rulesLocked)
        #expect(driver.define(.phase("a", title: "A", opensAt: 400)) == .updated)
    }

    @Test("compares times by their instants, not by their spelling")
    mutating func spelling() {
        _ = driver.define(.phase("a", opensAt: 500))
        _ = driver.open("a")
        var spelled = PhaseDefinition.phase("a", opensAt: 500)
        spelled.opensAt?.text = "another spelling"
        #expect(driver.define(spelled) == .updated)
        _ = driver.close("a")
        #expect(driver.define(.phase("a", opensAt: 500)) == .updated)
    }

    @Test("lets everything change in a phase that nobody voted in")
    mutating func unlocked() {
        _ = driver.define(.phase("a", ballot: .choice("yes", "no")), .phase("b"))
        #expect(
            driver.define(.phase("a", ballot: .choice("no", "maybe"), proposals: ["p9"]))
                == .updated)
        #expect(driver.entry("a")?.optionCount == 2)
        #expect(driver.define(.phase("a")) == .updated)
        #expect(driver.entry("a")?.optionCount == 1)
        #expect(driver.catalogue.phase(1) == nil)
    }

    @Test("refuses to change what votes mean")
    mutating func rulesLocked() throws {
        _ = driver.define(.phase("a", ballot: .choice("yes", "no")), .phase("b"))
        let number = try #require(driver.entry("a")).number
        driver.locks.lock(phase: number, proposal: 1)
        let ballots: [BallotRule] = [
            .choice("yes", "no", "maybe"), .choice("yes"), .choice("no", "yes"), .support,
        ]
        for ballot in ballots {
            #expect(
                driver.define(.phase("a", ballot: ballot), .phase("b")).refusal == .rulesLocked)
        }
        let rule = BallotRule.choice("yes", "no")
        #expect(
            driver.define(.phase("a", ballot: rule, proposals: ["p0", "p2"])).refusal
                == .rulesLocked)
        #expect(driver.define(.phase("b")).refusal == .rulesLocked)
        #expect(driver.position == 1)
        // Proposals and phases that have no votes may go; titles, additions and the end may change.
        #expect(
            driver.define(
                .phase("a", title: "A", closesAt: 900, ballot: rule, proposals: ["p9", "p1"]))
                == .updated)
    }

    @Test("lets only titles change in a closed phase")
    mutating func closed() {
        _ = driver.define(.phase("a"), .phase("b"))
        _ = driver.close("a")
        #expect(driver.define(.phase("b")).refusal == .phaseClosed)
        #expect(driver.define(.phase("a", closesAt: 1), .phase("b")).refusal == .phaseClosed)
        #expect(
            driver.define(.phase("a", proposals: ["p0", "p1"]), .phase("b")).refusal
                == .phaseClosed)
        #expect(driver.put("p9").refusal == .phaseClosed)
        #expect(driver.define(.phase("a", title: "A"), .phase("b")) == .updated)
        #expect(driver.put("p0", title: "Trees") == .updated)
        #expect(driver.state("a") == .closed)
    }

    @Test("puts one proposal: there, changed, or unchanged")
    mutating func putProposal() {
        _ = driver.define(.phase("a", proposals: []))
        #expect(driver.put("p") == .created)
        #expect(driver.put("p") == .updated)
        #expect(driver.position == 2)
        #expect(driver.put("p", title: "Trees") == .updated)
        #expect(driver.position == 3)
        #expect(driver.entry("a")?.definition.proposals.map(\.title) == [.text("Trees")])
    }

    @Test("takes at most 10,000 proposals a phase")
    mutating func proposalLimit() {
        let names = (0..<PhaseDefinition.maximumProposals).map {
            Identifier(validated: "p\($0)".utf8)
        }
        _ = driver.define(.phase("a", proposals: names))
        #expect(driver.put("q").refusal == .invalidDefinition)
        #expect(driver.put("p7", title: "Trees") == .updated)
    }

    @Test("never gives a proposal's number again, nor a phase's")
    mutating func permanentNumbers() throws {
        _ = driver.define(.phase("a", proposals: ["x", "y"]), .phase("b"))
        #expect(driver.entry("a")?.proposal(named: "y") == 1)
        _ = driver.define(.phase("a", proposals: ["x"]))
        _ = driver.define(.phase("a", proposals: ["y", "z", "x"]), .phase("b"))
        let phase = try #require(driver.entry("a"))
        #expect(phase.proposalNumbers == [2, 3, 0])
        #expect(phase.proposal(named: "y") == 2)
        #expect(phase.proposalDefinition(1) == nil)
        #expect(phase.proposalDefinition(2)?.id == "y")
        #expect(driver.entry("b")?.number == 2)
        #expect(driver.catalogue.phases.map { $0?.id } == ["a", nil, "b"])
    }

    @Test("numbers choices for good, and counts the ones that may be chosen in their order")
    mutating func choiceNumbers() throws {
        _ = driver.define(.phase("a", ballot: .choice("yes", "no")))
        _ = driver.define(.phase("a", ballot: .choice("maybe", "no")))
        let phase = try #require(driver.entry("a"))
        #expect(phase.choiceNumbers == ["yes", "no", "maybe"])
        #expect(phase.optionOfChoice == [nil, 1, 0])
        #expect(
            "maybe".utf8.withContiguousStorageIfAvailable { phase.choice(named: .init($0)) } == 2)
        _ = driver.define(.phase("a", ballot: .choice("yes", "no", "maybe")))
        #expect(driver.entry("a")?.optionOfChoice == [0, 1, 2])
    }

    @Test("changes a phase's identity with its names and options, and with nothing else")
    mutating func identity() {
        _ = driver.define(.phase("a", opensAt: 10))
        let identity = driver.entry("a")?.identity
        _ = driver.define(.phase("a", title: "A", opensAt: 20))
        _ = driver.open("a")
        #expect(driver.entry("a")?.identity == identity)
        _ = driver.put("p9")
        #expect(driver.entry("a")?.identity != identity)
    }
}
