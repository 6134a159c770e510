import TallyActors
import Testing

@Suite("Votes of a removed consultation are swept away")
struct SweepingTests {
    /// Phase 0 goes; phase 1 is of another consultation and stays. Even accounts vote in both,
    /// odd ones in phase 0 alone.
    static func removed(accounts: Int) -> BallotDriver {
        var ballots = BallotDriver()
        ballots.change {
            _ = $0.define(.phase("a", ballot: .choice("yes", "no")))
            let other = ConsultationDefinition(phases: [.phase("stays")])
            _ = $0.apply(.define(consultation: "other", definition: other))
        }
        for account in 0..<accounts {
            for proposal: UInt32 in [0, 2] {
                _ = ballots.machine.apply(ballots.vote(account, 0, proposal, 1))
            }
            guard account % 2 == 0 else { continue }
            _ = ballots.machine.apply(ballots.vote(account, 1, 1, 0))
        }
        ballots.change { _ = $0.close("a") }
        ballots.change { #expect($0.remove() == .removed) }
        return ballots
    }

    static func sweep(_ ballots: inout BallotDriver) -> Int {
        var steps = 0
        while ballots.machine.isSweeping {
            ballots.machine.sweepStep()
            steps += 1
        }
        return steps
    }

    @Test("nobody sees them from the removal on, and their memory follows")
    func seen() {
        var ballots = Self.removed(accounts: 1_000)
        #expect(ballots.machine.isSweeping)
        #expect(ballots.machine.voteCount == 2_500)
        for _ in 0..<2 {
            #expect(ballots.votes(0)?.map(\.phase) == [1])
            #expect(ballots.votes(1) == [])
            #expect(ballots.counts == [[1, 1, 0]: 500])
            #expect(ballots.recount.counts == ballots.counts)
            #expect(ballots.recount.voters == [1: 500])
            _ = Self.sweep(&ballots)
        }
        #expect(ballots.machine.voteCount == 500)
        #expect(ballots.machine.accountCount == 500)
        ballots.machine.sweepStep()
        #expect(!ballots.machine.isSweeping)
    }

    @Test("votes, withdrawals and deletions on the way come out the same", arguments: UInt64(1)...4)
    func beside(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var sweeping = Self.removed(accounts: 600)
        var swept = sweeping
        _ = Self.sweep(&swept)
        for _ in 0..<4_000 {
            // New accounts, too, but for which no chunk would ever be split.
            let account = AccountKey.numbered(random.int(0..<900))
            let phase = UInt32(random.int(0..<2))
            let proposal = UInt32(random.int(0..<3))
            let command: Command =
                switch random.int(0..<8) {
                case 0: .delete(account)
                case 1, 2: .withdraw(account, phase: phase, proposal: proposal)
                case 3: .cast(account, phase: 0, proposal: proposal, choice: 1)
                default: .cast(account, phase: 1, proposal: proposal)
                }
            #expect(sweeping.apply(command) == swept.apply(command))
            if random.oneIn(20) { sweeping.machine.sweepStep() }
        }
        _ = Self.sweep(&sweeping)
        #expect(sweeping.counts == swept.counts)
        #expect(sweeping.recount.counts == sweeping.counts)
        #expect(sweeping.recount.voters == sweeping.voters)
        #expect(sweeping.machine.voteCount == swept.machine.voteCount)
        #expect(sweeping.machine.accountCount == swept.machine.accountCount)
        #expect(sweeping.machine.tombstoneCount == swept.machine.tombstoneCount)
        for account in 0..<900 { #expect(sweeping.votes(account) == swept.votes(account)) }
    }

    /// All accounts lie in one partition, so that its chunks are split while it is swept.
    @Test("chunks that are split on the way are swept whole")
    func splits() {
        var ballots = BallotDriver()
        ballots.change { _ = $0.define(.phase("a")) }
        func key(_ number: UInt64) -> AccountKey {
            AccountKey(low: number &* 0x9e37_79b9_7f4a_7c15, high: number)
        }
        for number in 0..<UInt64(4_000) {
            _ = ballots.machine.apply(.cast(key(number), phase: 0, proposal: 0))
        }
        ballots.change {
            _ = $0.close("a")
            let other = ConsultationDefinition(phases: [.phase("b")])
            _ = $0.apply(.define(consultation: "other", definition: other))
        }
        ballots.change { #expect($0.remove() == .removed) }
        var number: UInt64 = 4_000
        var steps = 0
        while ballots.machine.isSweeping {
            ballots.machine.sweepStep()
            steps += 1
            guard steps < 6 else { continue }
            for _ in 0..<5_000 {
                _ = ballots.machine.apply(.cast(key(number), phase: 1, proposal: 0))
                number += 1
            }
        }
        #expect(steps > Partition.count + 8)
        #expect(ballots.machine.voteCount == Int(number) - 4_000)
        #expect(ballots.machine.accountCount == Int(number) - 4_000)
        #expect((0..<UInt64(4_000)).allSatisfy { ballots.machine.votes(of: key($0)) == [] })
        let rest = 4_000..<number
        #expect(rest.allSatisfy { ballots.machine.votes(of: key($0))?.count == 1 })
    }

    @Test("a copy made on the way stays as it was")
    func frozenCopy() {
        var ballots = Self.removed(accounts: 2_000)
        for _ in 0..<100 { ballots.machine.sweepStep() }
        let copy = ballots
        #expect(copy.machine.isSweeping)
        _ = Self.sweep(&ballots)
        for account in 0..<2_000 { _ = ballots.delete(account) }
        let expected = (0..<2_000).allSatisfy { account in
            copy.votes(account)?.map(\.phase) == (account % 2 == 0 ? [1] : [])
        }
        #expect(expected)
        #expect(copy.recount.counts == [[1, 1, 0]: 1_000])
        var other = copy
        _ = Self.sweep(&other)
        #expect(other.machine.voteCount == 1_000)
        #expect(other.recount.counts == [[1, 1, 0]: 1_000])
    }

    @Test("a second removal on the way begins the sweep again")
    func again() {
        var ballots = Self.removed(accounts: 1_000)
        for _ in 0..<200 { ballots.machine.sweepStep() }
        ballots.change {
            _ = $0.apply(.closePhase(consultation: "other", phase: "stays"))
        }
        ballots.change {
            #expect($0.apply(.remove(consultation: "other")) == .removed)
        }
        #expect(ballots.votes(0) == [])
        #expect(Self.sweep(&ballots) >= Partition.count)
        #expect(ballots.machine.voteCount == 0)
        #expect(ballots.machine.accountCount == 0)
    }

    @Test("frozen sums go with their phase")
    func frozenSums() {
        var ballots = BallotDriver()
        ballots.change { _ = $0.define(.phase("a")) }
        for account in 0..<10 { _ = ballots.cast(account, 0, 0) }
        ballots.change { _ = $0.close("a") }
        for account in 0..<5 { _ = ballots.delete(account) }
        #expect(ballots.machine.frozen.phases[0]?.voters == 5)
        ballots.change { #expect($0.remove() == .removed) }
        #expect(ballots.machine.frozen.phases[0] == nil)
        #expect(ballots.delete(7) == Outcome(.deleted, retracted: 0, frozen: 0))
        #expect(ballots.delete(3) == Outcome(.alreadyDeleted, retracted: 0, frozen: 0))
        _ = Self.sweep(&ballots)
        #expect(ballots.machine.tombstoneCount == 6)
        #expect(ballots.machine.accountCount == 0)
        #expect(ballots.recount.counts == [:])
    }
}
