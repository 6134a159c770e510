import TallyActors
import Testing

@Suite("The rules of ballots, vote by vote")
struct BallotRuleTests {
    /// One account's steps in one phase, and what comes of each.
    struct Story: CustomTestStringConvertible {
        var testDescription: String
        var phase: PhaseDefinition
        var steps: [(Step, Outcome.Code)]
        /// Counts at the end, by proposal and option; zeros are left out.
        var counts: [[UInt32]: Int]
        var voters = 1
    }

    enum Step {
        /// Proposal, and what the vote carries.
        case vote(UInt32, UInt32 = 0)
        case withdraw(UInt32)
    }

    private static let names: [Identifier] = ["p0", "p1", "p2", "p3"]

    private static func phase(_ rule: BallotRule) -> PhaseDefinition {
        .phase("ph", ballot: rule, proposals: names)
    }

    static let stories: [Story] = [
        Story(
            testDescription: "max_votes of support", phase: phase(.support.limited(maximum: 2)),
            steps: [
                (.vote(0), .counted), (.vote(1), .counted), (.vote(2), .limitReached),
                (.vote(1), .unchanged), (.withdraw(2), .noVote), (.withdraw(0), .withdrawn),
                (.vote(2), .counted), (.vote(0), .limitReached),
            ], counts: [[1, 0]: 1, [2, 0]: 1]),
        Story(
            testDescription: "max_votes of choice: another choice is not another vote",
            phase: phase(.choice("yes", "no").limited(maximum: 1)),
            steps: [
                (.vote(0, 0), .counted), (.vote(0, 1), .replaced), (.vote(1, 1), .limitReached),
                (.vote(1, 2), .invalidVote), (.vote(9, 0), .unknownProposal),
            ], counts: [[0, 1]: 1]),
        Story(
            testDescription: "min_votes: all at once, and back",
            phase: phase(.support.limited(minimum: 3)),
            steps: [
                (.vote(0), .pending), (.vote(1), .pending), (.vote(1), .unchanged),
                (.vote(2), .counted), (.vote(3), .counted), (.withdraw(3), .withdrawn),
                (.withdraw(0), .withdrawn), (.vote(3), .counted),
            ], counts: [[1, 0]: 1, [2, 0]: 1, [3, 0]: 1]),
        Story(
            testDescription: "below min_votes nothing counts, and choices may change",
            phase: phase(.choice("yes", "no").limited(minimum: 2)),
            steps: [
                (.vote(0, 0), .pending), (.vote(0, 1), .pendingReplaced),
                (.vote(0, 1), .unchanged), (.vote(1, 1), .counted), (.vote(0, 0), .replaced),
                (.withdraw(1), .withdrawn), (.vote(0, 1), .pendingReplaced),
            ], counts: [:], voters: 0),
        Story(
            testDescription: "a minimum of 0 or 1 is none",
            phase: phase(.support.limited(minimum: 0, maximum: 1)),
            steps: [(.vote(0), .counted), (.withdraw(0), .withdrawn), (.vote(1), .counted)],
            counts: [[1, 0]: 1]),
        Story(
            testDescription: "a minimum that is the maximum",
            phase: phase(.support.limited(minimum: 2, maximum: 2)),
            steps: [
                (.vote(0), .pending), (.vote(1), .counted), (.vote(2), .limitReached),
                (.withdraw(0), .withdrawn), (.vote(2), .counted),
            ], counts: [[1, 0]: 1, [2, 0]: 1]),
        Story(
            testDescription: "a budget is spent and freed to the last unit",
            phase: .budget("ph", of: 100, costs: 60, 40, 1, 0, 101),
            steps: [
                (.vote(0), .counted), (.vote(1), .counted), (.vote(2), .overBudget),
                (.vote(3), .counted), (.vote(4), .overBudget), (.withdraw(1), .withdrawn),
                (.vote(2), .counted), (.vote(1), .overBudget), (.vote(0), .unchanged),
            ], counts: [[0, 0]: 1, [2, 0]: 1, [3, 0]: 1]),
        Story(
            testDescription: "the largest budget and costs do not overflow",
            phase: .budget(
                "ph", of: BallotRule.maximumAmount, costs: BallotRule.maximumAmount, 1, 0,
                BallotRule.maximumAmount - 1),
            steps: [
                (.vote(0), .counted), (.vote(1), .overBudget), (.vote(2), .counted),
                (.vote(3), .overBudget), (.withdraw(0), .withdrawn), (.vote(1), .counted),
                (.vote(3), .counted), (.vote(0), .overBudget),
            ], counts: [[1, 0]: 1, [2, 0]: 1, [3, 0]: 1]),
        Story(
            testDescription: "a budget of 0 takes what costs nothing",
            phase: .budget("ph", of: 0, costs: 0, 1),
            steps: [(.vote(1), .overBudget), (.vote(0), .counted)], counts: [[0, 0]: 1]),
        Story(
            testDescription: "each rank once, and never renumbered", phase: phase(.ranking(3)),
            steps: [
                (.vote(0, 1), .counted), (.vote(1, 1), .rankTaken), (.vote(1, 3), .counted),
                (.vote(1, 1), .rankTaken), (.vote(0, 1), .unchanged), (.vote(0, 2), .replaced),
                (.vote(1, 1), .replaced), (.vote(2, 4), .invalidVote), (.vote(2, 0), .invalidVote),
                (.vote(2, 3), .counted), (.vote(3, 3), .limitReached), (.withdraw(1), .withdrawn),
            ], counts: [[0, 0]: 1, [0, 1]: 2, [2, 0]: 1, [2, 1]: 1]),
        Story(
            testDescription: "points: on one, in all, and on how many",
            phase: phase(.points(votes: 2, sum: 10, each: 7)),
            steps: [
                (.vote(0, 8), .invalidVote), (.vote(0, 0), .invalidVote), (.vote(0, 7), .counted),
                (.vote(1, 4), .overBudget), (.vote(1, 3), .counted), (.vote(2, 1), .limitReached),
                (.vote(0, 6), .replaced), (.vote(1, 5), .overBudget), (.vote(1, 4), .replaced),
                (.vote(1, 4), .unchanged),
            ], counts: [[0, 0]: 1, [0, 1]: 6, [1, 0]: 1, [1, 1]: 4]),
        Story(
            testDescription: "points without any limit go up to a million",
            phase: phase(.points()),
            steps: [
                (.vote(0, 1_000_000), .counted), (.vote(1, 1_000_001), .invalidVote),
                (.vote(1, 1_000_000), .counted), (.vote(1, 1), .replaced),
            ], counts: [[0, 0]: 1, [0, 1]: 1_000_000, [1, 0]: 1, [1, 1]: 1]),
        Story(
            testDescription: "points with a sum alone", phase: phase(.points(sum: 5)),
            steps: [
                (.vote(0, 6), .overBudget), (.vote(0, 5), .counted), (.vote(1, 1), .overBudget),
                (.vote(0, 4), .replaced), (.vote(1, 1), .counted),
            ], counts: [[0, 0]: 1, [0, 1]: 4, [1, 0]: 1, [1, 1]: 1]),
        Story(
            testDescription: "points with a limit on proposals alone",
            phase: phase(.points(votes: 1)),
            steps: [
                (.vote(0, 1_000_000), .counted), (.vote(1, 1), .limitReached),
                (.vote(0, 1), .replaced),
            ], counts: [[0, 0]: 1, [0, 1]: 1]),
        Story(
            testDescription: "the limit on votes comes before the sum",
            phase: phase(.points(votes: 1, sum: 5)),
            steps: [(.vote(0, 5), .counted), (.vote(1, 5), .limitReached)],
            counts: [[0, 0]: 1, [0, 1]: 5]),
    ]

    @Test("a story of one account", arguments: stories)
    func story(_ story: Story) {
        var ballots = BallotDriver()
        // Another phase on either side, in which the account votes, too: rules are of one phase.
        ballots.change { _ = $0.define(.phase("before"), story.phase, .phase("behind")) }
        for phase: UInt32 in [0, 2] { _ = ballots.cast(1, phase, 1) }
        for (index, (step, expected)) in story.steps.enumerated() {
            let outcome =
                switch step {
                case .vote(let proposal, let value): ballots.cast(1, 1, proposal, value)
                case .withdraw(let proposal): ballots.withdraw(1, 1, proposal)
                }
            #expect(outcome == expected, "step \(index + 1)")
            #expect(ballots.recount.counts == ballots.counts, "step \(index + 1)")
            #expect(ballots.recount.voters == ballots.voters, "step \(index + 1)")
        }
        var expected = [[0, 1, 0]: 1, [2, 1, 0]: 1] as [[UInt32]: Int]
        for (cell, count) in story.counts { expected[[1] + cell] = count }
        #expect(ballots.counts == expected)
        #expect(ballots.voters[1, default: 0] == story.voters)
    }

    @Test("rules hold beside thousands of votes in other phases", arguments: [4_096, 9_000])
    func largeAccount(votes: Int) {
        var ballots = BallotDriver()
        let wide = (0..<votes).map { Identifier(validated: "q\($0)".utf8) }
        ballots.change {
            _ = $0.define(
                .phase("before", proposals: wide), .phase("ranks", ballot: .ranking(3)),
                .budget("budget", of: 10, costs: 6, 4, 1), .phase("behind", proposals: wide),
                .phase("points", ballot: .points(sum: 9)))
        }
        for phase: UInt32 in [0, 3] {
            for proposal in 0..<UInt32(votes) {
                _ = ballots.machine.apply(ballots.vote(1, phase, proposal, 0))
            }
        }
        #expect(ballots.ballot(1, 1, (0, 1), (1, 2)) == .counted)
        #expect(ballots.cast(1, 1, 2, 2) == .rankTaken)
        #expect(ballots.ballot(1, 1, (0, 2), (1, 1), (2, 3)) == .replaced)
        #expect(ballots.ballot(1, 2, (0, 0), (1, 0)) == .counted)
        #expect(ballots.cast(1, 2, 2) == .overBudget)
        #expect(ballots.cast(1, 4, 0, 5) == .counted)
        #expect(ballots.cast(1, 4, 1, 5) == .overBudget)
        #expect(ballots.ballot(1, 1) == .withdrawn)
        #expect(ballots.withdraw(1, 2, 0) == .withdrawn)
        #expect(ballots.recount.counts == ballots.counts)
        #expect(ballots.delete(1) == Outcome(.deleted, retracted: 2 * votes + 2, frozen: 0))
        #expect(ballots.counts.isEmpty)
    }

    @Test("what a vote must not carry is an invalid vote in every kind")
    func contents() {
        var ballots = BallotDriver()
        ballots.change {
            _ = $0.define(
                Self.phase(.support), .phase("choice", ballot: .choice("yes", "no")),
                .budget("budget", of: 9, costs: 1, 1, 1), .phase("ranking", ballot: .ranking(3)),
                .phase("points", ballot: .points()))
        }
        let contents: [VoteContent] = [.nothing, .choice, .rank, .points]
        let fitting: [VoteContent] = [.nothing, .choice, .nothing, .rank, .points]
        for (phase, right) in fitting.enumerated() {
            for content in contents {
                let value: UInt32 = content == .nothing ? 0 : 1
                let vote = Command.cast(
                    .numbered(1), phase: UInt32(phase), proposal: 0, value: value, as: content)
                #expect(ballots.apply(vote).code == (content == right ? .counted : .invalidVote))
            }
            let valued = Command.cast(
                .numbered(1), phase: UInt32(phase), proposal: 1, value: 1, as: .nothing)
            #expect(ballots.apply(valued).code == .invalidVote)
        }
    }

    @Test("a vote decoded under an older catalogue is judged by the one at its position")
    func olderCatalogue() {
        var ballots = BallotDriver()
        ballots.change { _ = $0.define(.phase("ph", ballot: .choice("yes", "no"))) }
        let choice = ballots.vote(1, 0, 0, 1)
        let ballot = [choice]
        ballots.change { _ = $0.define(.phase("ph", ballot: .points())) }
        #expect(ballots.apply(choice).code == .invalidVote)
        #expect(ballots.ballot(1, 0, ballot) == .invalidVote)
        #expect(ballots.cast(1, 0, 0, 1) == .counted)
        #expect(ballots.counts == [[0, 0, 0]: 1, [0, 0, 1]: 1])
    }
}
