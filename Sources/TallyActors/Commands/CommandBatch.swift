/// The commands that one connection decoded from what had arrived, on their way through the
/// sequencer to the ballot shards and back.
///
/// A batch lives through four stages, each owned by one side; the hand-over between two stages
/// always goes through a lock or an atomic countdown, which makes the writes of one visible to the
/// next:
///
/// 1. *filling*: the event loop that made it appends commands;
/// 2. *ordered*: after `TallyService.submit` only the sequencer touches it (numbers, journal);
/// 3. *applied*: each ballot shard reads all commands and writes the outcomes of its own accounts,
///    so that no outcome has two writers;
/// 4. *answered*: `completion` is called once, and from then on the outcomes are only read.
///
/// `@unchecked Sendable` for that reason: no two threads are ever in it with one of them writing
/// the same memory.
public final class CommandBatch: @unchecked Sendable {
    /// The most votes a whole ballot may have.
    public static let maximumBallotVotes = 1024

    /// How many commands it takes; a ballot is one command, however many votes it has.
    public let capacity: Int
    /// Commands, each of which has a number of its own.
    public private(set) var count = 0
    /// Also of an empty batch.
    private(set) var holdsOnlyDeletions = true
    /// Places of 24 bytes: one a command, and one a vote of a ballot.
    private(set) var placeCount = 0
    private var placeCapacity: Int
    private var commands: UnsafeMutablePointer<Command>
    private var outcomes: UnsafeMutablePointer<Outcome>
    /// Called once, when every command has its outcome or none was taken.
    public let completion: any BatchCompletion

    /// The number of the first command; 0 until it is ordered.
    public internal(set) var firstSequence: UInt64 = 0
    /// The position that is applied when `completion` is called: at or after the last command.
    public internal(set) var appliedSequence: UInt64 = 0
    /// Which stream it belongs to; nil for commands that stand alone. Set in stage 1, read in
    /// stage 2.
    public var lane: BatchLane?
    /// Why none of the commands was taken; nil when all were.
    public internal(set) var refusal: Refusal?

    public init(capacity: Int, completion: any BatchCompletion) {
        self.capacity = capacity
        self.completion = completion
        placeCapacity = capacity
        commands = .allocate(capacity: capacity)
        outcomes = .allocate(capacity: capacity)
    }

    deinit {
        commands.deallocate()
        outcomes.deallocate()
    }

    /// Stage 1 only.
    @inline(__always)
    public func append(_ command: Command) {
        precondition(count < capacity, "a batch is filled beyond its capacity")
        place(command)
        count += 1
        if command.operation != .deleteAccount { holdsOnlyDeletions = false }
    }

    /// Stage 1 only: a whole ballot, one command.
    ///
    /// - Parameter votes: at most `maximumBallotVotes` casts of this account in this phase.
    public func appendBallot(
        of account: AccountKey, phase: PhaseNumber, votes: UnsafeBufferPointer<Command>
    ) {
        precondition(
            Self.isBallot(votes, of: account, in: phase),
            "a ballot with too many votes, or with something else")
        append(.ballot(account, phase: phase, voteCount: votes.count))
        for vote in votes { place(vote) }
    }

    /// Stage 1 only: commands as the journal holds them.
    ///
    /// - Returns: false, with some of them appended, when the bytes are not whole commands, or more
    ///   than the batch takes.
    func appendAll(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count % Command.size == 0 else { return false }
        let places = bytes.bindMemory(to: Command.self)
        var index = 0
        while index < places.count {
            let command = places[index]
            let next = index + command.placeCount
            guard next <= places.count, count < capacity else { return false }
            if command.operation == .ballot {
                let votes = UnsafeBufferPointer(rebasing: places[index + 1..<next])
                guard Self.isBallot(votes, of: command.account, in: command.vote.phase) else {
                    return false
                }
                appendBallot(of: command.account, phase: command.vote.phase, votes: votes)
            } else {
                append(command)
            }
            index = next
        }
        return true
    }

    private static func isBallot(
        _ votes: UnsafeBufferPointer<Command>, of account: AccountKey, in phase: PhaseNumber
    ) -> Bool {
        votes.count <= maximumBallotVotes
            && votes.allSatisfy {
                $0.account == account && $0.vote.phase == phase && $0.operation?.content != nil
            }
    }

    @inline(__always)
    private func place(_ command: Command) {
        if placeCount == placeCapacity { grow() }
        (commands + placeCount).initialize(to: command)
        (outcomes + placeCount).initialize(to: Outcome(.invalidVote))
        placeCount += 1
    }

    @inline(never)
    private func grow() {
        placeCapacity = max(2 * placeCapacity, Self.maximumBallotVotes)
        let moved = UnsafeMutablePointer<Command>.allocate(capacity: placeCapacity)
        moved.moveInitialize(from: commands, count: placeCount)
        commands.deallocate()
        commands = moved
        let movedOutcomes = UnsafeMutablePointer<Outcome>.allocate(capacity: placeCapacity)
        movedOutcomes.moveInitialize(from: outcomes, count: placeCount)
        outcomes.deallocate()
        outcomes = movedOutcomes
    }

    /// Stage 4 only: what became of the commands, in the order in which they were appended.
    public var results: Results { Results(batch: self) }

    public struct Results: Sequence, IteratorProtocol {
        fileprivate let batch: CommandBatch
        private var place = 0
        private var number = 0

        fileprivate init(batch: CommandBatch) { self.batch = batch }

        /// The outcome of the next command, and its number in the journal.
        @inline(__always)
        public mutating func next() -> (outcome: Outcome, sequence: UInt64)? {
            guard place < batch.placeCount else { return nil }
            let outcome = batch.outcomes[place]
            let sequence = batch.firstSequence + UInt64(number)
            place += batch.commands[place].placeCount
            number += 1
            return (outcome, sequence)
        }
    }

    /// All places: each command, and behind a ballot's head its votes.
    package var commandBuffer: UnsafeBufferPointer<Command> {
        UnsafeBufferPointer(start: commands, count: placeCount)
    }

    /// Stage 3 only: where the shards write the outcomes of their own accounts, by place.
    var outcomeBuffer: UnsafeMutableBufferPointer<Outcome> {
        UnsafeMutableBufferPointer(start: outcomes, count: placeCount)
    }
}

/// Who waits for a batch: an object of the gateway.
public protocol BatchCompletion: AnyObject, Sendable {
    /// Called once a batch, on an arbitrary thread, in the order in which the batches of one
    /// submitter were submitted. Must be quick: it stands on the voting path.
    func batchApplied(_ batch: CommandBatch)
}

/// The batches of one stream: when one of them is refused for want of room, no later one is taken,
/// so that the client may send everything again from the first line that was not decided.
///
/// `@unchecked Sendable`: only the sequencer's thread reads and writes the flag.
public final class BatchLane: @unchecked Sendable {
    var isBroken = false

    public init() {}
}
