import Testing
import tally

struct BudgetElectionTests {
    @Test func theElectionIsTheOfficialOne() throws {
        let election = try BudgetElection.election()
        #expect(election.projects.count == 30)
        #expect(election.ballots.count == 1494)
        #expect(election.budget == 1_000_000)
        #expect(election.projects.reduce(0) { $0 + ($1.votes ?? 0) } == 4252)
        #expect(election.projects.allSatisfy { $0.cost ?? 0 > 0 && $0.name != nil })
        let replay = try PabulibReplay(election, changes: 0.1, leavers: 0.1, seed: 2015)
        #expect(
            replay.rules.kind == .points(maxVotes: nil, maxPoints: 7, maxPointsPerProposal: 3))
        let result = PabulibResult(replay)
        #expect(result.notes.isEmpty)
        #expect(replay.refusedBallots == 0)
        var poll = NaivePoll(replay.rules.kind)
        for lane in 0..<2 {
            var script = PabulibScript(replay, lane: lane, of: 2)
            poll.play(&script, replay.book, lag: 10)
            #expect(script.changed > 50 && script.leavers > 50)
        }
        #expect(poll.tally(proposals: 30) == result.expected)
    }

    @Test func theBudgetAffordsWhatFitsByVotes() throws {
        let election = try PabulibElection(
            Array(
                """
                META
                key;value
                budget;100
                vote_type;cumulative
                PROJECTS
                project_id;cost;votes;name
                a;60;3;A
                b;50;2;B
                c;40;1;C
                VOTES
                voter_id;vote;points
                1;a;1

                """.utf8))
        let json = """
            {"sequence":1,"voters":3,"proposals":[
            {"id":"c","counts":{"votes":1,"points":9}},{"id":"a","counts":{"votes":3,"points":4}},
            {"id":"b","counts":{"votes":1,"points":2}}]}
            """
        let tally = try #require(PhaseTally(json: json.utf8))
        let table = BudgetTable(election, tally)
        #expect(table.rows.map(\.name) == ["A", "B", "C", "all 3"])
        #expect(table.rows.map(\.isAfforded) == [true, false, true, nil])
        #expect(table.rows.map(\.difference) == [0, 1, 0, 1])
        #expect(table.afforded == 2)
        #expect(table.left == 0)
        #expect(table.rows.last?.points == 15)
    }

    @Test func tablesFitTheTerminal() throws {
        let election = try BudgetElection.election()
        let proposals = election.projects.map {
            "{\"id\":\"\($0.id)\",\"counts\":{\"votes\":\($0.votes ?? 0),\"points\":1000}}"
        }
        let json = """
            {"sequence":1,"voters":2,"proposals":[\(proposals.joined(separator: ","))]}
            """
        let table = BudgetTable(election, try #require(PhaseTally(json: json.utf8)))
        let lines = table.lines(Terminal.output)
        #expect(lines.count == BudgetTable.shown + 4)
        #expect(lines.allSatisfy { $0.count <= 80 })
        #expect(table.afforded == 16)
    }
}
