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

    private func ballot(choices: [String]) -> BallotPlan {
        BallotPlan(
            consultation: "c", title: "C", phase: "ph", choices: choices,
            proposals: [.init(id: "p1"), .init(id: "L5/\"04\"")])
    }

    @Test func linesOfAPhaseNameProposalAccountAndChoice() throws {
        let templates = try LineTemplates(
            ballot(choices: ["yes", "no"]), names: names, namesPhase: false)
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
        let templates = try LineTemplates(ballot(choices: []), names: names, namesPhase: true)
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

    @Test func theLimitLeavesTheRestToTheScript() throws {
        let templates = try LineTemplates(ballot(choices: []), names: names, namesPhase: false)
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
