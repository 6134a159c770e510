import Testing
import tally

struct PabulibElectionTests {
    private let text = """
        META
        key;value
        description;Town
        vote_type;approval
        budget;1000.0
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

    private func projects(_ ballot: [PabulibElection.Mention]) -> [Int] { ballot.map(\.project) }

    @Test func aFileIsReadInEveryForm() throws {
        let election = try PabulibElection(Array(text.utf8))
        #expect(election.title == "Town")
        #expect(election.budget == 1000)
        #expect(election.limit("max_length") == 1)
        #expect(election.limit("max_points") == nil)
        #expect(election.projects.map(\.id) == ["1", "L5/04", "9"])
        #expect(election.projects.map(\.cost) == [100, 200, 50])
        #expect(election.projects.map(\.votes) == [2, 1, 0])
        #expect(election.projects[0].name == "A \"green\" park; with trees")
        #expect(election.ballots.map(projects) == [[0], [1], [0]])
        let windows = "\u{feff}" + text.replacing("\n", with: "\r\n")
        #expect(try PabulibElection(Array(windows.utf8)) == election)
        let spacious = text.replacing(";", with: " ; ").replacing(
            "park ;  with", with: "park; with")
        #expect(try PabulibElection(Array(spacious.utf8)) == election)
        let sheet = text.replacing("META\n", with: "META;;\n")
            .replacing("VOTES\n", with: "\nVotes;\n")
        #expect(try PabulibElection(Array(sheet.utf8)) == election)
    }

    @Test(arguments: ["\"AS\" – SCHOOL", "\"Park", "Park \"Green\"", "\"A\" and \"B\""])
    func strayQuotationMarksAreText(name: String) throws {
        let election = try PabulibElection(Array(text.replacing("School", with: name).utf8))
        #expect(election.projects.map(\.name).last == "Nothing")
        #expect(election.projects[1].name == name)
    }

    @Test func aNameMayHoldSemicolonsAndLines() throws {
        let other = text.replacing("cost;votes;name", with: "name;votes;cost")
            .replacing("1;100;2;\"A \"\"green\"\" park; with trees\"", with: "1;Green; trees;2;100")
            .replacing("L5/04;200;1;School", with: "L5/04;\"School\nand yard\";1;200")
            .replacing("9;50;0;Nothing", with: "9;Nothing;0;50")
        let election = try PabulibElection(Array(other.utf8))
        #expect(election.projects.map(\.name) == ["Green;trees", "School\nand yard", "Nothing"])
        #expect(election.projects.map(\.votes) == [2, 1, 0])
        #expect(election.projects.map(\.cost) == [100, 200, 50])
    }

    @Test func ballotsMayBeEmptyOrShort() throws {
        let election = try PabulibElection(
            Array(text.replacing("3;1;\n", with: "3;;\n4\n5; ,1, 9 ;40\n").utf8))
        #expect(election.ballots.map(projects) == [[0], [1], [], [], [0, 2]])
    }

    @Test func resultsMayBeMissing() throws {
        let other = text.replacing("cost;votes;name", with: "cost;x;name")
        let election = try PabulibElection(Array(other.utf8))
        #expect(election.projects.allSatisfy { $0.votes == nil && $0.score == nil })
    }

    @Test func votesForUnknownProjectsAreLeftOut() throws {
        let election = try PabulibElection(
            Array(text.replacing("3;1;\n", with: "3;8,1;\n").utf8))
        #expect(election.unknownMentions == 1)
        #expect(election.ballots[2] == [.init(project: 0, place: 2)])
    }

    @Test(arguments: ["", "nonsense", "META\nkey;value\n", "a;b\nc;d\n"])
    func anotherFileIsRefused(text: String) {
        #expect(throws: PabulibFault.self) { try PabulibElection(Array(text.utf8)) }
    }

    @Test func aProjectThatIsThereTwiceNamesItsLine() {
        #expect(throws: PabulibFault.malformed(line: 11, "the project 1 is there twice")) {
            try PabulibElection(Array(text.replacing("9;50", with: "1;50").utf8))
        }
    }
}
