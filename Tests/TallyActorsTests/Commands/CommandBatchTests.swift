import Persistence
import TallyActors
import Testing

@Suite("Batches of commands and whole ballots")
struct CommandBatchTests {
    private static func votes(_ account: Int, _ count: Int) -> [Command] {
        (0..<UInt32(count)).map {
            .cast(.numbered(account), phase: 0, proposal: $0, points: $0 % 5 + 1)
        }
    }

    private static func append(_ account: Int, votes count: Int, to batch: CommandBatch) {
        votes(account, count).withUnsafeBufferPointer {
            batch.appendBallot(of: .numbered(account), phase: 0, votes: $0)
        }
    }

    @Test("a cast says what it carries", arguments: [VoteContent.nothing, .choice, .rank, .points])
    func contents(content: VoteContent) {
        let value: UInt32 = content == .nothing ? 0 : VoteWord.fieldLimit - 1
        let command = Command.cast(
            .numbered(1), phase: 7, proposal: 9, value: value, as: content)
        #expect(command.operation?.content == content)
        #expect(command.vote == VoteWord(phase: 7, proposal: 9, value: value))
        #expect(command.placeCount == 1)
    }

    @Test("what is not a cast carries nothing that a vote could")
    func otherOperations() {
        #expect(Command.withdraw(.numbered(1), phase: 7, proposal: 9).operation?.content == nil)
        #expect(Command.delete(.numbered(1)).operation?.content == nil)
        for operation in UInt64(0)..<16 {
            let command = Command(account: .numbered(1), word: operation)
            #expect((command.operation?.content != nil) == (1...4).contains(operation))
        }
    }

    @Test("a ballot is one command of as many places as it has votes, and one more")
    func places() {
        let batch = CommandBatch(capacity: 4, completion: NobodyWaits())
        batch.append(.delete(.numbered(1)))
        Self.append(2, votes: 3, to: batch)
        Self.append(3, votes: 0, to: batch)
        batch.append(.withdraw(.numbered(4), phase: 0, proposal: 0))
        #expect(batch.count == 4)
        let places = Array(batch.commandBuffer)
        #expect(places.map(\.placeCount) == [1, 4, 1, 1, 1, 1, 1])
        #expect(
            places.map(\.operation) == [
                .deleteAccount, .ballot, .castPoints, .castPoints, .castPoints, .ballot, .withdraw,
            ])
        #expect(batch.commands.map(\.votes.count) == [0, 3, 0, 0])
    }

    @Test("a batch grows with its ballots and keeps what it has")
    func growth() {
        let batch = CommandBatch(capacity: 9, completion: NobodyWaits())
        batch.append(.withdraw(.numbered(0), phase: 0, proposal: 5))
        for account in 1..<9 { Self.append(account, votes: account * 128, to: batch) }
        #expect(batch.count == 9)
        let commands = batch.commands
        #expect(commands.count == 9)
        #expect(commands[0].head.vote.proposal == 5)
        for account in 1..<9 {
            #expect(commands[account].head.account == .numbered(account))
            #expect(
                commands[account].votes.map(\.word)
                    == Self.votes(account, account * 128).map(\.word))
        }
        #expect(batch.results.reduce(0) { count, _ in count + 1 } == 9)
    }

    @Test("results come in the order of the commands, each with the number of its own")
    func results() async throws {
        let clock = TestClock()
        let service = try await TallyService.start(MemoryStorage(), clock, ballots: 5)
        let proposals = (0..<1_024).map { Identifier(validated: "p\($0)".utf8) }
        #expect(
            await service.define(.phase("a", ballot: .points(), proposals: proposals)) == .created)
        let connection = Connection()
        let vote = Command.cast(.numbered(9), phase: 0, proposal: 1, points: 3)
        connection.submit(capacity: 7, to: service) { batch in
            batch.append(vote)
            Self.append(1, votes: 1_024, to: batch)
            batch.append(vote)
            Self.append(1, votes: 1_024, to: batch)
            Self.append(1, votes: 2, to: batch)
            Self.append(1, votes: 0, to: batch)
            batch.append(.withdraw(.numbered(9), phase: 0, proposal: 7))
        }
        await connection.settle()
        let batch = try #require(connection.batches.last)
        #expect(
            batch.codes == [
                .counted, .counted, .unchanged, .unchanged, .replaced, .withdrawn, .noVote,
            ])
        #expect(batch.results.map(\.sequence) == Array(2...8))
        #expect(batch.appliedSequence == 8)
        #expect(service.status.position == 8)
        await service.shutdown()
    }
}
