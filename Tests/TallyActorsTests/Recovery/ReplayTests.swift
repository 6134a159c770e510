import Persistence
import TallyActors
import Testing

@Suite("What a start reads from a journal")
struct ReplayTests {
    /// How the journal marks a record of commands.
    private static let commandsKind: UInt8 = 1
    private static let account = AccountKey.numbered(1)

    private static func vote(_ proposal: UInt32) -> Command {
        .cast(account, phase: 0, proposal: proposal)
    }

    /// The places of a whole ballot: its head, and its votes.
    private static func ballot(_ votes: Int) -> [Command] {
        let batch = CommandBatch(capacity: 1, completion: NobodyWaits())
        let casts = (0..<UInt32(votes)).map { vote($0) }
        casts.withUnsafeBufferPointer {
            batch.appendBallot(of: account, phase: 0, votes: $0)
        }
        return Array(batch.commandBuffer)
    }

    private static func replay(_ places: [Command], count: UInt32, cut: Int = 0) throws {
        let replay = Replay(ServiceConfiguration(ballotShards: 1, tallyShards: 1))
        try replay.begin(nil)
        let fields = RecordFields(
            kind: commandsKind, firstSequence: 1, count: count, timestamp: 1)
        try places.withUnsafeBytes {
            try replay.record(
                fields, payload: UnsafeRawBufferPointer(rebasing: $0.dropLast(cut)))
        }
    }

    @Test("whole ballots, each of one number")
    func whole() throws {
        try Self.replay(
            Self.ballot(3) + [Self.vote(0)] + Self.ballot(0) + Self.ballot(1_024), count: 4)
    }

    struct Damage: CustomTestStringConvertible {
        var testDescription: String
        var places: [Command]
        var count: UInt32 = 1
        var cut = 0
    }

    /// A head that announces so many votes.
    private static func head(_ votes: UInt32, phase: UInt32 = 0) -> Command {
        let word = VoteWord(phase: phase, proposal: 0, value: votes).raw
        return Command(account: account, word: word | UInt64(Command.Operation.ballot.rawValue))
    }

    static let damages = [
        Damage(testDescription: "fewer numbers than commands", places: ballot(2) + ballot(2)),
        Damage(testDescription: "a number for each vote", places: ballot(2), count: 3),
        Damage(testDescription: "bytes that are no whole command", places: ballot(2), cut: 7),
        Damage(testDescription: "fewer votes than announced", places: ballot(2), cut: 24),
        Damage(testDescription: "a head alone", places: [head(1)]),
        Damage(testDescription: "the largest head alone", places: [head(VoteWord.fieldLimit - 1)]),
        Damage(
            testDescription: "more votes than a ballot has",
            places: [head(1_025)] + (0..<1_025).map { vote($0) }),
        Damage(
            testDescription: "a vote of another account",
            places: [head(1), .cast(.numbered(2), phase: 0, proposal: 0)]),
        Damage(
            testDescription: "a vote of another phase",
            places: [head(1), .cast(account, phase: 1, proposal: 0)]),
        Damage(
            testDescription: "a withdrawal within",
            places: [head(1), .withdraw(account, phase: 0, proposal: 0)]),
        Damage(testDescription: "a deletion within", places: [head(1), .delete(account)]),
        Damage(testDescription: "a ballot within", places: [head(1), head(0)]),
        Damage(
            testDescription: "something unknown within",
            places: [head(1), Command(account: account, word: 15)]),
    ]

    @Test("a damaged ballot is refused, not guessed at", arguments: damages)
    func damaged(damage: Damage) {
        #expect(throws: Replay.UnknownContent.self) {
            try Self.replay(damage.places, count: damage.count, cut: damage.cut)
        }
    }
}
