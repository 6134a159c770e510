import Testing
import tally

struct WorkloadScriptTests {
    private static let choices = ["agree", "mixed", "disagree"]

    private func plan(
        accounts: Int = 400, proposals: Int = 25,
        ballot: WorkloadBallot = .choice(choices), votes: Int = 6000
    ) -> WorkloadPlan {
        WorkloadPlan(
            names: AccountNames(seed: 7, scope: "test"), accounts: accounts, proposals: proposals,
            ballot: ballot, votes: votes, changes: 0.2, withdrawals: 0.1, leavers: 0.15)
    }

    @Test(
        arguments: [
            .support, .choice(["yes"]), .choice(["yes", "no"]), .choice(choices), .budget, .ranking,
            .points,
        ] as [WorkloadBallot], [1, 5])
    func theOwnCountIsWhatThePlainRulesSay(ballot: WorkloadBallot, lanes: Int) {
        let plan = plan(ballot: ballot)
        var poll = NaivePoll(plan.kind)
        var expected = ExpectedTally(proposals: plan.proposals, kind: plan.kind)
        var scripts = (0..<lanes).map { WorkloadScript(plan: plan, lane: $0, of: lanes) }
        for index in scripts.indices {
            poll.play(&scripts[index], lag: 100)
            expected.add(scripts[index].expected)
        }
        #expect(poll.tally(proposals: plan.proposals) == expected)
        #expect(poll.refused == 0)
        #expect(poll.retracted == scripts.reduce(0) { $0 + $1.retracted })
        #expect(scripts.reduce(0) { $0 + $1.firstVotes } == plan.votes)
        #expect(scripts.reduce(0) { $0 + $1.accountsThatVoted } == plan.accounts)
        #expect(scripts.allSatisfy { $0.changes > 0 && $0.withdrawals > 0 && $0.leavers > 0 })
    }

    @Test(arguments: [1, 399, 400, 401, 3000, 5999])
    func aScriptThatIsStoppedKnowsWhatItHasSent(lines: Int) {
        let plan = plan()
        var poll = NaivePoll(plan.kind)
        var script = WorkloadScript(plan: plan, lane: 0, of: 1)
        poll.play(&script, lag: 10, stopAt: lines)
        #expect(poll.tally(proposals: plan.proposals) == script.expected)
        #expect(poll.retracted == script.retracted)
        #expect(script.firstVotes <= lines)
    }

    @Test func cohortsAddUp() {
        let plan = plan(accounts: WorkloadPlan.cohort * 2 + 11, proposals: 2, votes: 140_000)
        var poll = NaivePoll(plan.kind)
        var script = WorkloadScript(plan: plan, lane: 0, of: 1)
        // Deletions in a dictionary of all votes would take for ever here.
        while let command = script.nextVote(Acknowledged()) { poll.apply(command, BallotBook()) }
        #expect(script.firstVotes == 140_000)
        #expect(poll.firstVotes == 140_000)
        #expect(
            script.expected.counts.reduce(0, +) + script.retracted == 140_000 - script.withdrawals)
    }

    @Test func everyVoteIsWithinTheLimitsAndNoneIsFarFromThem() {
        let ranking = plan(accounts: 7, ballot: .ranking, votes: 45).kind
        #expect(ranking == .ranking(maxVotes: 14))
        let points = plan(accounts: 7, ballot: .points, votes: 45).kind
        #expect(points == .points(maxVotes: 7, maxPoints: 21, maxPointsPerProposal: 3))
        #expect(plan(accounts: 7, ballot: .budget, votes: 45).kind == .budget(63_000))
    }

    @Test func nobodyVotesTwiceOnAProposal() {
        let plan = plan(accounts: 3, proposals: 12, votes: 36)
        for account in 0..<3 {
            let proposals = (0..<plan.votes(of: account)).map {
                plan.vote($0, of: account).proposal
            }
            #expect(Set(proposals).count == 12)
        }
    }

    @Test func aSeedRepeatsARun() {
        var first = WorkloadScript(plan: plan(), lane: 1, of: 2)
        var second = WorkloadScript(plan: plan(), lane: 1, of: 2)
        while let command = first.nextVote(Acknowledged()) {
            #expect(command == second.nextVote(Acknowledged()))
        }
        #expect(second.nextVote(Acknowledged()) == nil)
    }

    @Test func anAccountIsDeletedOnlyAfterItsLastLine() {
        var script = WorkloadScript(plan: plan(), lane: 0, of: 1)
        var lastLine: [Int: Int] = [:]
        var lines = 0
        while let command = script.nextVote(Acknowledged()) {
            lines += 1
            lastLine[command.account] = lines
        }
        for line in 0...lines {
            while let account = script.nextDeletion(Acknowledged(votes: line)) {
                #expect(lastLine[account]! <= line)
            }
        }
        #expect(script.deletionsAreOver)
    }
}
