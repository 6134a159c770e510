import TallyActors
import Testing

@Suite("Below the minimum")
struct MinimumVotesTests {
    /// Phase 0 and 1 need 2 votes each. Accounts 1 and 2 hold enough in both, account 3 one in each.
    private var ballots = BallotDriver()

    init() {
        let rule = BallotRule.choice("yes", "no").limited(minimum: 2)
        ballots.change { _ = $0.define(.phase("a", ballot: rule), .phase("b", ballot: rule)) }
        for phase: UInt32 in [0, 1] {
            for account in [1, 2] {
                for proposal: UInt32 in [0, 1] { _ = ballots.cast(account, phase, proposal, 1) }
            }
            _ = ballots.cast(3, phase, 0, 1)
        }
    }

    private func expectRecount(_ location: SourceLocation = #_sourceLocation) {
        #expect(ballots.recount.counts == ballots.counts, sourceLocation: location)
        #expect(ballots.recount.voters == ballots.voters, sourceLocation: location)
    }

    @Test("the leaver's pending votes are retracted from open phases, and change no count")
    mutating func retracted() {
        let counts = ballots.counts
        #expect(ballots.delete(3) == Outcome(.deleted, retracted: 2, frozen: 0))
        #expect(ballots.counts == counts)
        #expect(ballots.voters == [0: 2, 1: 2])
        expectRecount()
    }

    @Test("the leaver's pending votes in a closed phase vanish, and are neither")
    mutating func vanished() {
        ballots.change { _ = $0.close("a") }
        let counts = ballots.counts
        #expect(ballots.delete(3) == Outcome(.deleted, retracted: 1, frozen: 0))
        #expect(ballots.delete(1) == Outcome(.deleted, retracted: 2, frozen: 2))
        #expect(ballots.counts[[0, 0, 1]] == counts[[0, 0, 1]])
        #expect(ballots.counts[[1, 0, 1]] == 1)
        #expect(ballots.voters == [0: 2, 1: 1])
        #expect(ballots.machine.frozen.phases[0]?.voters == 1)
        #expect(ballots.machine.frozen.phases[0]?.counts.reduce(0, +) == 2)
        expectRecount()
    }

    @Test("a pending vote locks its proposal")
    mutating func locks() {
        _ = ballots.cast(4, 0, 2, 0)
        _ = ballots.withdraw(4, 0, 2)
        #expect(ballots.machine.locks.isLocked(phase: 0, proposal: 2))
        #expect(!ballots.machine.locks.isLocked(phase: 1, proposal: 2))
    }

    @Test("what was pending at the close stays so, and is still the account's own")
    mutating func pendingAtTheClose() throws {
        ballots.change { _ = $0.close("a") }
        #expect(ballots.cast(3, 0, 1, 1) == .phaseClosed)
        #expect(ballots.values(3, 0) == [0: 1])
        let seal = try #require(ballots.definitions.entry("a")?.seal)
        #expect(String(decoding: seal.bytes, as: UTF8.self).hasSuffix(#""voters":2}"#))
        expectRecount()
    }

    @Test("frozen points are sums of their own")
    mutating func frozenPoints() {
        ballots.change {
            _ = $0.define(
                .phase("a", ballot: .choice("yes", "no").limited(minimum: 2)),
                .phase("b", ballot: .choice("yes", "no").limited(minimum: 2)),
                .phase("points", ballot: .points()), .phase("ranking", ballot: .ranking(5)))
        }
        for account in 10..<13 {
            _ = ballots.cast(account, 2, 1, 1_000_000)
            _ = ballots.cast(account, 3, 2, 2)
        }
        ballots.change {
            _ = $0.close("points")
            _ = $0.close("ranking")
        }
        for account in 10..<13 {
            #expect(ballots.delete(account) == Outcome(.deleted, retracted: 0, frozen: 2))
        }
        #expect(ballots.machine.frozen.phases[2]?.counts == [0, 0, 3, 3_000_000])
        #expect(ballots.machine.frozen.phases[3]?.counts == [0, 0, 0, 0, 3, 12])
        #expect(ballots.counts[[2, 1, 1]] == 3_000_000)
        expectRecount()
    }
}
