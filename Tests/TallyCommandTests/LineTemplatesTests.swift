import NIOCore
import Testing
import tally

struct LineTemplatesTests {
    private struct Few: CommandScript {
        var commands: [VoteCommand]
        var deletions: [Int] = []

        var votesAreOver: Bool { commands.isEmpty }
        var deletionsAreOver: Bool { deletions.isEmpty }

        mutating func nextVote(_ acknowledged: Acknowledged) -> VoteCommand? {
            commands.isEmpty ? nil : commands.removeFirst()
        }

        mutating func nextDeletion(_ acknowledged: Acknowledged) -> Int? {
            deletions.isEmpty ? nil : deletions.removeFirst()
        }

        mutating func stop() {
            commands = []
        }
    }

    private let names = AccountNames(seed: 1, scope: "lines")

    private func ballot(_ kind: BallotKind) -> BallotPlan {
        BallotPlan(
            consultation: "c", title: "C", phase: "ph", kind: kind,
            proposals: [.init(id: "p1"), .init(id: "L5/\"04\"")])
    }

    @Test func linesOfAPhaseNameProposalAccountAndChoice() throws {
        let templates = try LineTemplates(
            ballot(.choice(["yes", "no"])), names: names, namesPhase: false)
        var script = Few(commands: [
            VoteCommand(account: 3, proposal: 0, action: .cast(option: 1)),
            VoteCommand(account: 4, proposal: 1, action: .withdraw),
        ])
        var buffer = ByteBuffer()
        #expect(templates.appendVotes(of: &script, Acknowledged(), limit: 10, to: &buffer) == 2)
        #expect(
            String(buffer: buffer) == """
                {"proposal":"p1","account":"\(names.text(3))","choice":"no"}
                {"proposal":"L5/\\"04\\"","account":"\(names.text(4))","withdraw":true}

                """)
    }

    @Test func fullLinesNameEverything() throws {
        let templates = try LineTemplates(ballot(.support()), names: names, namesPhase: true)
        var script = Few(commands: [
            VoteCommand(account: 0, proposal: 0, action: .cast(option: 0))
        ])
        var buffer = ByteBuffer()
        #expect(templates.appendVotes(of: &script, Acknowledged(), limit: 1, to: &buffer) == 1)
        let line = String(buffer: buffer)
        #expect(
            line
                == """
                {"consultation":"c","phase":"ph","proposal":"p1","account":"\(names.text(0))"}

                """)
        #expect(line.utf8.count <= templates.longestLine)
    }

    @Test(
        arguments: [
            (.budget(5), 0, ""), (.ranking(maxVotes: 3), 2, ",\"rank\":3"),
            (
                .points(maxVotes: nil, maxPoints: 4, maxPointsPerProposal: nil), 0,
                ",\"points\":1"
            ),
        ] as [(BallotKind, Int, String)])
    func votesCarryWhatTheirKindCarries(kind: BallotKind, option: Int, field: String) throws {
        let templates = try LineTemplates(ballot(kind), names: names, namesPhase: false)
        var script = Few(commands: [
            VoteCommand(account: 0, proposal: 0, action: .cast(option: option))
        ])
        var buffer = ByteBuffer()
        _ = templates.appendVotes(of: &script, Acknowledged(), limit: 1, to: &buffer)
        let value = field.isEmpty ? "" : String(field.dropFirst())
        let line = String(buffer: buffer)
        #expect(line.hasPrefix("{\"proposal\":\"p1\",\"account\":\"\(names.text(0))\""))
        #expect(line.hasSuffix(value.isEmpty ? "\"}\n" : "\",\(value)}\n"))
    }

    @Test(arguments: [false, true])
    func wholeBallotsAreOneLine(namesPhase: Bool) throws {
        var book = BallotBook()
        let two = book.number(of: [
            .init(proposal: 1, option: 0), .init(proposal: 0, option: 1),
        ])
        let none = book.number(of: [])
        #expect(two == book.number(of: book.ballots[two]))
        let templates = try LineTemplates(
            ballot(.ranking(maxVotes: 2)), names: names, ballots: book, namesPhase: namesPhase)
        var script = Few(commands: [
            VoteCommand(account: 5, ballot: two), VoteCommand(account: 6, ballot: none),
        ])
        var buffer = ByteBuffer()
        #expect(templates.appendVotes(of: &script, Acknowledged(), limit: 9, to: &buffer) == 2)
        let start = namesPhase ? "\"consultation\":\"c\",\"phase\":\"ph\"," : ""
        let votes = """
            [{"proposal":"L5/\\"04\\"","rank":1},{"proposal":"p1","rank":2}]
            """
        let lines = String(buffer: buffer)
        #expect(
            lines == """
                {\(start)"account":"\(names.text(5))","votes":\(votes)}
                {\(start)"account":"\(names.text(6))","votes":[]}

                """)
        #expect(lines.split(separator: "\n").allSatisfy { $0.utf8.count < templates.longestLine })
        #expect(String(buffer: templates.ballotBody(two)) == "{\"votes\":\(votes)}")
        #expect(String(buffer: templates.ballotBody(none)) == "{\"votes\":[]}")
    }

    @Test func theLimitLeavesTheRestToTheScript() throws {
        let templates = try LineTemplates(ballot(.support()), names: names, namesPhase: false)
        var script = Few(
            commands: (0..<5).map {
                VoteCommand(account: $0, proposal: 0, action: .cast(option: 0))
            }, deletions: [9])
        var buffer = ByteBuffer()
        #expect(templates.appendVotes(of: &script, Acknowledged(), limit: 3, to: &buffer) == 3)
        #expect(script.commands.count == 2)
        buffer.clear()
        #expect(templates.appendDeletions(of: &script, Acknowledged(), limit: 3, to: &buffer) == 1)
        #expect(String(buffer: buffer) == "{\"account\":\"\(names.text(9))\"}\n")
    }
}
