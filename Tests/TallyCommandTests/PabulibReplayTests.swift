import Testing
import tally

struct PabulibReplayTests {
    private func election(
        _ meta: String, _ projects: String, _ ballots: String, columns: String = "votes;score"
    ) throws -> PabulibElection {
        let text = """
            META
            key;value
            \(meta.replacing(" ", with: "\n"))
            PROJECTS
            project_id;\(columns)
            \(projects.replacing(" ", with: "\n"))
            VOTES
            voter_id;vote;points
            \(ballots.split(separator: " ").map { "7;\($0)" }.joined(separator: "\n"))

            """
        return try PabulibElection(Array(text.utf8))
    }

    /// Plays the election, with many who change and leave, and returns what the server must count and refuse.
    private func play(
        _ election: PabulibElection, lanes: Int = 2
    ) throws -> (result: PabulibResult, poll: NaivePoll) {
        let replay = try PabulibReplay(election, changes: 0.4, leavers: 0.4, seed: 11)
        var poll = NaivePoll(replay.rules.kind)
        var retracted = 0
        var ballots = 0
        for lane in 0..<lanes {
            var script = PabulibScript(replay, lane: lane, of: lanes)
            poll.play(&script, replay.book, lag: 3)
            retracted += script.retracted
            ballots += script.ballots
        }
        #expect(poll.retracted == retracted)
        #expect(poll.refused == replay.refusedBallots)
        #expect(ballots >= replay.finalBallots)
        #expect(poll.tally(proposals: election.projects.count) == replay.counted)
        return (PabulibResult(replay), poll)
    }

    private func isExact(_ played: (result: PabulibResult, poll: NaivePoll)) -> Bool {
        let expected = played.result.expected
        return played.poll.tally(proposals: expected.counts.count / expected.figures) == expected
    }

    @Test func approvalBallotsAreSupport() throws {
        let election = try election(
            "vote_type;approval max_length;2", "a;3;3 L/b;2;2 c;0;0", "a,L/b a L/b,a ;")
        #expect(try PabulibRules(election).kind == .support(maxVotes: 2))
        let played = try play(election)
        #expect(isExact(played))
        #expect(played.result.expected.counts == [3, 2, 0])
        #expect(played.result.expected.voters == 3)
        #expect(played.result.reference == "the official results")
        #expect(played.result.notes.isEmpty)
    }

    @Test(
        arguments: [
            ("vote_type;approval", .support()), ("vote_type;choose-1", .support(maxVotes: 1)),
            ("vote_type;approval max_length;", .support()),
            ("vote_type;ordinal max_length;4.0", .ranking(maxVotes: 4)),
            (
                "vote_type;cumulative max_points;3 max_sum_points;7 max_length;2",
                .points(maxVotes: 2, maxPoints: 7, maxPointsPerProposal: 3)
            ),
            (
                "vote_type;Scoring min_points;1",
                .points(maxVotes: nil, maxPoints: nil, maxPointsPerProposal: nil)
            ),
        ] as [(String, BallotKind)])
    func limitsBecomeThoseOfTheKind(meta: String, kind: BallotKind) throws {
        #expect(try PabulibRules(election(meta, "a;1;1", "a;1")).kind == kind)
    }

    @Test(arguments: ["vote_type;random", "vote_type;", "rule;greedy"])
    func otherTypesAreRefused(meta: String) throws {
        let election = try election(meta, "a;1;1", "a;1")
        #expect(throws: PabulibFault.self) { try PabulibRules(election) }
    }

    @Test func cumulativeBallotsArePoints() throws {
        let election = try election(
            "vote_type;cumulative max_sum_points;5", "a;2;6 b;2;3 c;0;0", "a,b;4,1 b;2 a;2")
        let played = try play(election)
        #expect(isExact(played))
        #expect(played.result.expected.counts == [2, 6, 2, 3, 0, 0])
    }

    @Test func cumulativeBallotsNeedPoints() throws {
        let election = try election("vote_type;cumulative", "a;1;1 b;1;1", "a,b;1")
        #expect(throws: PabulibFault.self) { try PabulibRules(election) }
    }

    @Test func ordinalBallotsAreRankings() throws {
        let election = try election(
            "vote_type;ordinal max_length;3", "a;3;7 b;2;4 c;1;1", "a,b,c b a,b a;")
        let played = try play(election)
        #expect(played.result.inconsistent == 3)
        let right = try self.election(
            "vote_type;ordinal max_length;3", "a;3;9 b;3;7 c;1;1", "a,b,c b a,b a;")
        #expect(isExact(try play(right)))
    }

    /// The best rank has as many points as the official scores say.
    @Test(arguments: [("a;2;4 b;1;1 c;0;0", 2), ("a;2;6 b;1;2 c;0;0", 3)])
    func aRankingWithoutALimitGoesByItsScores(projects: String, most: Int) throws {
        let election = try election("vote_type;ordinal", projects, "a,b a")
        #expect(try PabulibRules(election).kind == .ranking(maxVotes: most))
        #expect(isExact(try play(election)))
    }

    @Test func aRankMayBeLeftOut() throws {
        let election = try election(
            "vote_type;ordinal max_length;3", "a;2;6 b;2;3", "a,b;3,1 a,b;3,2")
        #expect(isExact(try play(election)))
    }

    @Test func aProjectNamedTwiceIsOneVote() throws {
        let election = try election(
            "vote_type;cumulative max_sum_points;9", "a;4;9 b;1;1", "a,b,a,a;1,1,2,3 a;3")
        let played = try play(election)
        #expect(isExact(played))
        #expect(played.result.merges.map(\.project) == ["a"])
        #expect(played.result.notes.count == 1)
        #expect(played.result.notes[0].contains("2 votes instead of the official 4"))
        let ranking = try self.election(
            "vote_type;ordinal max_length;3", "a;1;3 b;1;1", "a,a,b")
        #expect(isExact(try play(ranking)))
    }

    @Test func aBallotBeyondTheLimitsIsRefusedAndSaysSo() throws {
        let election = try election(
            "vote_type;approval max_length;1", "a;3;3 b;1;1", "a a,b a")
        let played = try play(election)
        #expect(!isExact(played))
        #expect(
            played.result.notes == [
                "1 ballot outside the election's own limits refused, which the official result counts"
            ])
        // Where the official result does not count it, all is well.
        let strict = try self.election(
            "vote_type;approval max_length;1", "a;2;2 b;0;0", "a a,b a")
        #expect(isExact(try play(strict)))
    }

    @Test func figuresThatTheBallotsDoNotAddUpToAreDifferences() throws {
        let election = try election("vote_type;approval", "a;7;7 b;1;1", "a b")
        let played = try play(election)
        #expect(!isExact(played))
        #expect(played.result.expected.counts == [7, 1])
        #expect(played.result.inconsistent == 1)
        #expect(played.result.notes.count == 1)
    }

    @Test func votesWithoutAPointAreLeftOut() throws {
        let election = try election(
            "vote_type;scoring", "a;1;2 b;0;0", "a,b;2,0 b;0", columns: "votes;score")
        let played = try play(election)
        #expect(isExact(played))
        #expect(played.result.expected.voters == 1)
        #expect(played.result.notes == ["2 votes without a point left out"])
    }

    @Test func withoutOfficialFiguresTheBallotsAreTheMeasure() throws {
        let election = try election(
            "vote_type;cumulative", "a;2 b;1", "a;3 a,b;1,1", columns: "votes")
        let played = try play(election)
        #expect(isExact(played))
        #expect(played.result.unofficial == 2)
        #expect(
            played.result.reference
                == "the official results and, where there are none, the ballots of the file")
    }

    @Test(arguments: [1, 3, 8])
    func manyVotersAreDealtToTheStreams(lanes: Int) throws {
        let ballots = (0..<5000).map { index in
            let first = index % 7
            return index.isMultiple(of: 41)
                ? ";" : "p\(first),p\((first + 1 + index % 5) % 7);\(1 + index % 3),2"
        }
        let projects = (0..<7).map { "p\($0)" }.joined(separator: " ")
        let election = try election(
            "vote_type;cumulative max_sum_points;5 max_points;3 max_length;2", projects,
            ballots.joined(separator: " "))
        let played = try play(election, lanes: lanes)
        #expect(isExact(played))
        #expect(played.poll.retracted > 1000)
    }
}
