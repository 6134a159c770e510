import TallyActors
import Testing

@Suite("The rules of votes and deletions")
struct BallotMachineTests {
    /// Phase 0: support, open; phase 1: choice of yes and no, open; phase 2: scheduled; phase 3:
    /// closed. Account 9 voted in phase 3.
    private var ballots = BallotDriver()

    init() {
        ballots.change {
            _ = $0.define(
                .phase("open"), .phase("choice", ballot: .choice("yes", "no")),
                .phase("scheduled", opensAt: 1000), .phase("closed"))
        }
        _ = ballots.cast(9, 3, 1)
        ballots.change { _ = $0.close("closed") }
    }

    private func expectRecount(_ location: SourceLocation = #_sourceLocation) {
        #expect(ballots.recount.counts == ballots.counts, sourceLocation: location)
        #expect(ballots.recount.voters == ballots.voters, sourceLocation: location)
    }

    @Test("a vote is counted, replaced, unchanged, withdrawn, and then there is none")
    mutating func life() {
        #expect(ballots.cast(1, 1, 2, 0) == .counted)
        #expect(ballots.counts[[1, 2, 0]] == 1)
        #expect(ballots.cast(1, 1, 2, 1) == .replaced)
        #expect(ballots.counts[[1, 2, 0]] == nil)
        #expect(ballots.counts[[1, 2, 1]] == 1)
        #expect(ballots.cast(1, 1, 2, 1) == .unchanged)
        #expect(ballots.voters[1] == 1)
        #expect(ballots.withdraw(1, 1, 2) == .withdrawn)
        #expect(ballots.counts == [[3, 1, 0]: 1])
        #expect(ballots.voters == [3: 1])
        #expect(ballots.withdraw(1, 1, 2) == .noVote)
        #expect(ballots.votes(1) == [])
        #expect(ballots.machine.accountCount == 1)
        #expect(ballots.machine.voteCount == 1)
        expectRecount()
    }

    @Test("a voter of a phase is counted once, from the first vote to the last withdrawal")
    mutating func voters() {
        for proposal: UInt32 in [1, 0, 2] { #expect(ballots.cast(1, 0, proposal) == .counted) }
        _ = ballots.cast(1, 1, 0, 0)
        _ = ballots.cast(2, 0, 0)
        #expect(ballots.voters == [0: 2, 1: 1, 3: 1])
        for proposal: UInt32 in [1, 2] { _ = ballots.withdraw(1, 0, proposal) }
        #expect(ballots.voters == [0: 2, 1: 1, 3: 1])
        _ = ballots.withdraw(1, 0, 0)
        #expect(ballots.voters == [0: 1, 1: 1, 3: 1])
        #expect(ballots.votes(1)?.map(\.phase) == [1])
        expectRecount()
    }

    @Test("votes are kept by phase, then by proposal")
    mutating func order() {
        for (phase, proposal): (UInt32, UInt32) in [(1, 1), (0, 2), (1, 0), (0, 0)] {
            _ = ballots.cast(1, phase, proposal, 0)
        }
        #expect(
            ballots.votes(1)?.map { [$0.phase, $0.proposal] } == [
                [0, 0], [0, 2], [1, 0], [1, 1],
            ])
    }

    @Test("the first refusal that applies is the one that is given")
    mutating func refusals() {
        _ = ballots.delete(8)
        for account in [1, 8] {
            #expect(ballots.cast(account, 4, 0) == .unknownPhase)
            #expect(ballots.cast(account, VoteWord.fieldLimit - 1, 0) == .unknownPhase)
            #expect(ballots.withdraw(account, 4, 0) == .unknownPhase)
            for phase: UInt32 in [0, 2, 3] {
                #expect(ballots.cast(account, phase, 3) == .unknownProposal)
                #expect(ballots.withdraw(account, phase, 3) == .unknownProposal)
                #expect(ballots.cast(account, phase, 0, 1) == .invalidVote)
            }
            #expect(ballots.cast(account, 1, 0, 2) == .invalidVote)
        }
        for phase: UInt32 in [0, 1, 2, 3] {
            #expect(ballots.cast(8, phase, 0) == .accountDeleted)
            #expect(ballots.withdraw(8, phase, 0) == .accountDeleted)
        }
        #expect(ballots.cast(1, 2, 0) == .phaseNotOpen)
        #expect(ballots.withdraw(1, 2, 0) == .phaseNotOpen)
        #expect(ballots.cast(9, 3, 0) == .phaseClosed)
        #expect(ballots.withdraw(9, 3, 1) == .phaseClosed)
        #expect(ballots.withdraw(9, 3, 0) == .phaseClosed)
        #expect(ballots.withdraw(9, 0, 0) == .noVote)
        #expect(ballots.counts == [[3, 1, 0]: 1])
        expectRecount()
    }

    @Test("whatever a journal holds gets an outcome")
    mutating func total() {
        var random = SeededRandom(seed: 3)
        for operation in UInt64(0)..<16 {
            for _ in 0..<50 {
                let word = random.next() & ~0xF | operation
                let outcome = ballots.apply(
                    Command(account: .numbered(random.int(0..<3)), word: word))
                if Command.Operation(rawValue: UInt8(operation)) == nil {
                    #expect(outcome.code == .invalidVote)
                }
            }
        }
        expectRecount()
    }

    @Test("a deletion retracts in open phases and freezes in closed ones")
    mutating func deletion() {
        _ = ballots.cast(9, 0, 0)
        _ = ballots.cast(9, 0, 1)
        _ = ballots.cast(9, 1, 1, 1)
        let outcome = ballots.delete(9)
        #expect(outcome == Outcome(.deleted, retracted: 3, frozen: 1))
        #expect(ballots.counts == [[3, 1, 0]: 1])
        #expect(ballots.voters == [3: 1])
        #expect(ballots.votes(9) == nil)
        #expect(ballots.machine.voteCount == 0)
        #expect(ballots.machine.accountCount == 0)
        #expect(ballots.machine.tombstoneCount == 1)
        #expect(ballots.machine.frozen.phases[3]?.counts == [0, 1])
        #expect(ballots.machine.frozen.phases[3]?.voters == 1)
        expectRecount()
        #expect(ballots.delete(9) == Outcome(.alreadyDeleted, retracted: 0, frozen: 0))
        #expect(ballots.delete(10) == Outcome(.deleted, retracted: 0, frozen: 0))
        #expect(ballots.cast(10, 0, 0) == .accountDeleted)
        #expect(ballots.machine.tombstoneCount == 2)
    }

    @Test("a proposal locks with its first vote, for good, also when all cancels out")
    mutating func locks() {
        _ = ballots.cast(1, 0, 1)
        _ = ballots.withdraw(1, 0, 1)
        #expect(ballots.machine.locks.isLocked(phase: 0, proposal: 1))
        #expect(!ballots.machine.locks.isLocked(phase: 0, proposal: 0))
        #expect(!ballots.machine.locks.isLocked(phase: 1))
        ballots.change {
            #expect($0.put("p9", in: "open") == .created)
            #expect(
                $0.define(
                    .phase("open", proposals: ["p0"]),
                    .phase("choice", ballot: .choice("yes", "no")), .phase("closed")
                ).refusal == .rulesLocked)
        }
        #expect(ballots.cast(1, 0, 3) == .counted)
    }

    @Test("a vote for a choice or a proposal that was removed is refused")
    mutating func removed() {
        ballots.change {
            _ = $0.define(
                .phase("open", proposals: ["p0", "p2"]),
                .phase("choice", ballot: .choice("no", "maybe")), .phase("closed"))
        }
        #expect(ballots.cast(1, 0, 1) == .unknownProposal)
        #expect(ballots.cast(1, 1, 0, 0) == .invalidVote)
        #expect(ballots.cast(1, 1, 0, 1) == .counted)
        #expect(ballots.cast(1, 1, 1, 2) == .counted)
        #expect(ballots.cast(1, 2, 0) == .unknownPhase)
        #expect(ballots.counts == [[1, 0, 0]: 1, [1, 1, 1]: 1, [3, 1, 0]: 1])
        expectRecount()
    }

    @Test("an account with thousands of votes is deleted whole")
    mutating func largeDeletion() {
        let names = (0..<9_000).map { Identifier(validated: "q\($0)".utf8) }
        ballots.change {
            _ = $0.define(
                .phase("open"), .phase("choice", ballot: .choice("yes", "no")),
                .phase("scheduled", opensAt: 1000), .phase("closed"),
                .phase("wide", proposals: names))
        }
        for proposal in 0..<UInt32(9_000) {
            _ = ballots.machine.apply(
                .cast(.numbered(1), phase: 4, proposal: proposal))
        }
        _ = ballots.cast(2, 4, 5)
        #expect(ballots.counts.count == 9_001)
        #expect(ballots.delete(1) == Outcome(.deleted, retracted: 9_000, frozen: 0))
        #expect(ballots.counts == [[3, 1, 0]: 1, [4, 5, 0]: 1])
        expectRecount()
    }
}
