import TallyActors
import Testing

@Suite("Whole ballots: all or nothing")
struct WholeBallotTests {
    private var ballots = BallotDriver()

    /// Phase 0 by this rule; phase 1, support, in which account 1 holds a vote.
    private mutating func define(_ rule: BallotRule, proposals: Int = 6) {
        let names = (0..<proposals).map { Identifier(validated: "p\($0)".utf8) }
        ballots.change {
            _ = $0.define(.phase("ph", ballot: rule, proposals: names), .phase("other"))
        }
        _ = ballots.cast(1, 1, 0)
    }

    private func expectRecount(_ location: SourceLocation = #_sourceLocation) {
        #expect(ballots.recount.counts == ballots.counts, sourceLocation: location)
        #expect(ballots.recount.voters == ballots.voters, sourceLocation: location)
    }

    @Test("a ballot replaces everything that the account held in the phase, and nothing else")
    mutating func life() {
        define(.choice("yes", "no"))
        #expect(ballots.ballot(1, 0) == .unchanged)
        #expect(ballots.ballot(1, 0, (2, 1), (0, 0)) == .counted)
        #expect(ballots.ballot(1, 0, (0, 0), (2, 1)) == .unchanged)
        #expect(ballots.ballot(1, 0, (0, 1), (3, 0), (5, 0)) == .replaced)
        #expect(ballots.values(1, 0) == [0: 1, 3: 0, 5: 0])
        #expect(
            ballots.counts == [[0, 0, 1]: 1, [0, 3, 0]: 1, [0, 5, 0]: 1, [1, 0, 0]: 1])
        #expect(ballots.voters == [0: 1, 1: 1])
        #expect(ballots.machine.voteCount == 4)
        expectRecount()
        #expect(ballots.ballot(1, 0) == .withdrawn)
        #expect(ballots.ballot(1, 0) == .unchanged)
        #expect(ballots.counts == [[1, 0, 0]: 1])
        #expect(ballots.values(1, 1) == [0: 0])
        expectRecount()
    }

    @Test("an account comes with its ballot and goes with an empty one")
    mutating func account() {
        define(.support)
        #expect(ballots.ballot(2, 0, (0, 0), (1, 0)) == .counted)
        #expect(ballots.machine.accountCount == 2)
        #expect(ballots.ballot(2, 0) == .withdrawn)
        #expect(ballots.machine.accountCount == 1)
        #expect(ballots.machine.voteCount == 1)
        #expect(ballots.votes(2) == [])
        expectRecount()
    }

    @Test("a refused ballot leaves everything as it was")
    mutating func nothing() {
        define(.ranking(3))
        #expect(ballots.ballot(1, 0, (0, 1), (1, 2)) == .counted)
        let counts = ballots.counts
        #expect(ballots.ballot(1, 0, (2, 1), (3, 1)) == .rankTaken)
        #expect(ballots.ballot(1, 0, (2, 1), (3, 4)) == .invalidVote)
        #expect(ballots.ballot(1, 0, (2, 1), (2, 2)) == .invalidVote)
        #expect(ballots.ballot(1, 0, (2, 1), (9, 2)) == .unknownProposal)
        #expect(ballots.ballot(1, 0, (0, 1), (1, 2), (2, 3), (3, 1)) == .limitReached)
        #expect(ballots.counts == counts)
        #expect(ballots.values(1, 0) == [0: 1, 1: 2])
        #expect(!ballots.machine.locks.isLocked(phase: 0, proposal: 2))
        #expect(ballots.ballot(1, 0, (0, 2), (1, 1)) == .replaced)
        #expect(ballots.counts[[0, 1, 1]] == 3)
        expectRecount()
    }

    @Test("the first refusal that applies is the one that is given, over all votes")
    mutating func refusals() {
        define(.points(votes: 2, sum: 10, each: 6))
        _ = ballots.delete(8)
        let other = [Command.cast(.numbered(1), phase: 7, proposal: 0, points: 1)]
        #expect(ballots.ballot(1, 7, other) == .unknownPhase)
        #expect(ballots.ballot(8, 7) == .unknownPhase)
        #expect(ballots.ballot(8, 0, (0, 7), (9, 1)) == .unknownProposal)
        #expect(ballots.ballot(8, 0, (0, 7)) == .invalidVote)
        #expect(ballots.ballot(8, 0, (0, 1), (0, 1)) == .invalidVote)
        #expect(ballots.ballot(8, 0, (0, 1)) == .accountDeleted)
        #expect(ballots.ballot(8, 0) == .accountDeleted)
        #expect(ballots.ballot(1, 0, (0, 6), (1, 6), (2, 6)) == .limitReached)
        #expect(ballots.ballot(1, 0, (0, 6), (1, 5)) == .overBudget)
        #expect(ballots.ballot(1, 0, (0, 6), (1, 4)) == .counted)
        ballots.change { _ = $0.close("ph") }
        #expect(ballots.ballot(1, 0, (0, 6), (1, 4)) == .phaseClosed)
        #expect(ballots.ballot(1, 0) == .phaseClosed)
        #expect(ballots.ballot(2, 0, (0, 6), (1, 6), (2, 6)) == .phaseClosed)
        expectRecount()
    }

    @Test("a ballot in a phase that has not opened is refused")
    mutating func scheduled() {
        ballots.change { _ = $0.define(.phase("ph", opensAt: 1_000)) }
        #expect(ballots.ballot(1, 0, (0, 0)) == .phaseNotOpen)
        #expect(ballots.ballot(1, 0) == .phaseNotOpen)
    }

    @Test("a ballot below the minimum is kept and does not count, and one at it does")
    mutating func minimum() {
        define(.choice("yes", "no").limited(minimum: 2))
        #expect(ballots.ballot(2, 0, (0, 0)) == .pending)
        #expect(ballots.machine.locks.isLocked(phase: 0, proposal: 0))
        #expect(ballots.ballot(2, 0, (0, 0)) == .unchanged)
        #expect(ballots.ballot(2, 0, (0, 1)) == .pendingReplaced)
        #expect(ballots.voters == [1: 1])
        #expect(ballots.ballot(2, 0, (0, 1), (1, 1)) == .replaced)
        #expect(ballots.voters == [0: 1, 1: 1])
        #expect(ballots.ballot(2, 0, (3, 0)) == .pendingReplaced)
        #expect(ballots.machine.locks.isLocked(phase: 0, proposal: 3))
        #expect(ballots.counts == [[1, 0, 0]: 1])
        #expect(ballots.cast(2, 0, 4, 0) == .counted)
        #expect(ballots.counts == [[0, 3, 0]: 1, [0, 4, 0]: 1, [1, 0, 0]: 1])
        #expect(ballots.ballot(2, 0) == .withdrawn)
        #expect(ballots.ballot(3, 0, (1, 0), (2, 0)) == .counted)
        expectRecount()
    }

    @Test("a budget is judged over the ballot alone, whatever was held")
    mutating func budget() {
        ballots.change { _ = $0.define(.budget("ph", of: 10, costs: 10, 6, 4, 1)) }
        #expect(ballots.ballot(1, 0, (0, 0)) == .counted)
        #expect(ballots.ballot(1, 0, (1, 0), (2, 0)) == .replaced)
        #expect(ballots.ballot(1, 0, (1, 0), (2, 0), (3, 0)) == .overBudget)
        #expect(ballots.values(1, 0) == [1: 0, 2: 0])
        expectRecount()
    }

    @Test("sums of costs do not overflow")
    mutating func overflow() {
        let largest = BallotRule.maximumAmount
        var phase = PhaseDefinition.phase("ph", ballot: .budget(largest), proposals: [])
        phase.proposals = (0..<1_024).map {
            ProposalDefinition(id: Identifier(validated: "p\($0)".utf8), cost: largest)
        }
        ballots.change { [phase] in _ = $0.define(phase) }
        let votes = (0..<UInt32(1_024)).map { ballots.vote(1, 0, $0, 0) }
        #expect(ballots.ballot(1, 0, votes) == .overBudget)
        #expect(ballots.ballot(1, 0, [votes[1_023]]) == .counted)
    }

    @Test("ballots of every size replace each other", arguments: UInt64(1)...3)
    mutating func sizes(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        define(.points(), proposals: 1_500)
        var held: [UInt32: UInt32] = [:]
        for _ in 0..<60 {
            let size = random.oneIn(3) ? random.int(0..<1_025) : random.int(0..<12)
            var wished: [UInt32: UInt32] = [:]
            for proposal in (0..<UInt32(1_500)).shuffled(using: &random).prefix(size) {
                wished[proposal] = UInt32(random.int(1..<4))
            }
            let votes = wished.map { ballots.vote(1, 0, $0.key, $0.value) }
            let outcome = ballots.ballot(1, 0, votes)
            #expect(outcome.refusal == nil)
            held = wished
            #expect(ballots.values(1, 0) == held)
            #expect(ballots.counts.count == 2 * held.count + 1)
        }
        #expect(ballots.values(1, 1) == [0: 0])
        expectRecount()
    }
}
