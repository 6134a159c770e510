import Testing
import tally

struct PabulibElectionTests {
    private let text = """
        META
        key;value
        description;Town
        vote_type;approval
        max_length;1
        PROJECTS
        project_id;cost;votes;name
        1;100;2;"A ""green"" park; with trees"
        L5/04;200;1;School
        9;50;0;Nothing
        VOTES
        voter_id;vote;age
        1;1;30
        2;L5/04;
        3;1;

        """

    @Test func aFileIsReadInEveryForm() throws {
        let election = try PabulibElection(Array(text.utf8))
        #expect(election.title == "Town")
        #expect(election.maxLength == 1)
        #expect(election.projects.map(\.id) == ["1", "L5/04", "9"])
        #expect(election.projects[0].name == "A \"green\" park; with trees")
        #expect(election.ballots == [[0], [1], [0]])
        #expect(election.expected.counts == [2, 1, 0])
        #expect(election.expected.voters == 3)
        try election.checkSupported()
        let windows = "\u{feff}" + text.replacing("\n", with: "\r\n")
        #expect(try PabulibElection(Array(windows.utf8)) == election)
    }

    @Test func theOfficialResultIsWhatIsExpected() throws {
        let election = try PabulibElection(Array(text.replacing("200;1;", with: "200;7;").utf8))
        #expect(election.expected.counts == [2, 7, 0])
    }

    @Test func severalProjectsCountOnceEach() throws {
        let election = try PabulibElection(Array(text.replacing("3;1;", with: "3;1,9,1;").utf8))
        #expect(election.ballots[2] == [0, 2])
    }

    @Test func aVoteForNoProjectNamesItsLine() {
        #expect(throws: PabulibFault.malformed(line: 13, "a vote for the unknown project 8")) {
            try PabulibElection(Array(text.replacing("1;1;30", with: "1;8;30").utf8))
        }
    }

    @Test(arguments: ["", "nonsense", "META\nkey;value\n", "a;b\nc;d\n"])
    func anotherFileIsRefused(text: String) {
        #expect(throws: PabulibFault.self) { try PabulibElection(Array(text.utf8)) }
    }

    @Test(arguments: [("approval", "ordinal"), ("max_length;1", "max_length;5")])
    func otherRulesAreRefused(change: (String, String)) throws {
        let election = try PabulibElection(Array(text.replacing(change.0, with: change.1).utf8))
        #expect(throws: PabulibFault.self) { try election.checkSupported() }
    }

    @Test(arguments: [1, 2, 5])
    func allBallotsAreDealtToTheStreams(lanes: Int) throws {
        let election = try PabulibElection(Array(text.utf8))
        var poll = NaivePoll()
        for lane in 0..<lanes {
            var script = PabulibScript(election, lane: lane, of: lanes)
            poll.play(&script)
        }
        #expect(poll.tally(proposals: 3, options: 1) == election.expected)
    }
}
