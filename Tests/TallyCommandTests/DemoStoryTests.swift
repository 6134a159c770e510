import Testing
import tally

struct DemoStoryTests {
    private let figures = OfficialFigures()

    @Test func theFiguresAreTheOfficialOnes() {
        #expect(figures.opinions.count == 696)
        #expect(Set(figures.opinions.map(\.id)).count == 696)
        #expect(figures.votes == 88_622)
        let sums = (0..<3).map { choice in figures.opinions.reduce(0) { $0 + $1.counts[choice] } }
        #expect(sums == [71_940, 5_947, 10_735])
        #expect(figures.opinions[0].id == "61")
        #expect(figures.opinions[0].counts == [2237, 161, 49])
    }

    @Test func theLargestComeFirst() {
        let votes = figures.largest(10).map { figures.opinions[$0].votes }
        #expect(votes == votes.sorted(by: >))
        #expect(votes.first == 4099)
    }

    @Test(arguments: [1, 4])
    func theStoryEndsAtTheOfficialFigures(lanes: Int) {
        let story = DemoStory(figures, seed: 1)
        var poll = DemoPoll()
        for lane in 0..<lanes {
            var script = DemoScript(story, lane: lane, of: lanes)
            poll.play(&script)
        }
        #expect(poll.tally(figures) == story.expected)
        #expect(story.expected.voters == DemoStory.people)
        #expect(poll.refused == story.lateVotes)
        #expect(poll.retracted == story.retracted)
        #expect(poll.votes == story.voteLines)
        #expect(poll.deletions == story.deletions)
        #expect(story.changes > 1000 && story.withdrawals > 1000 && story.returned > 100)
        #expect(story.rebornPeople > 100 && story.lateVotes > 100)
    }

    @Test func errorsDoNotCancelOutInTheTable() throws {
        let proposals = figures.opinions.enumerated().map { index, opinion in
            let moved = index < 2 ? (index == 0 ? 1 : -1) : 0
            let counts = ["agree", "mixed", "disagree"].enumerated()
                .map { "\"\($1)\":\(opinion.counts[$0] + ($0 == 0 ? moved : 0))" }
            return "{\"id\":\"\(opinion.id)\",\"counts\":{\(counts.joined(separator: ","))}}"
        }
        let json = """
            {"sequence":1,"voters":2,"state":"open","proposals":[\(proposals.joined(separator: ","))]}
            """
        let tally = try #require(PhaseTally(json: json.utf8))
        let total = try #require(DemoTable(figures, tally).rows.last)
        #expect(total.official == total.counted)
        #expect(total.difference == 2)
    }
}
