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
    public let capacity: Int
    public private(set) var count = 0
    /// Also of an empty batch.
    private(set) var holdsOnlyDeletions = true
    private let commands: UnsafeMutablePointer<Command>
    private let outcomes: UnsafeMutablePointer<Outcome>
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
        (commands + count).initialize(to: command)
        (outcomes + count).initialize(to: Outcome(.invalidVote))
        count += 1
        if command.operation != .deleteAccount { holdsOnlyDeletions = false }
    }

    /// Stage 4 only: what became of the command at `index`.
    public func outcome(at index: Int) -> Outcome {
        precondition(index < count, "an outcome beyond the batch is asked for")
        return outcomes[index]
    }

    /// Stage 4 only: the journal number of the command at `index`.
    public func sequence(at index: Int) -> UInt64 {
        firstSequence + UInt64(index)
    }

    /// The commands in the order in which they were appended.
    package var commandBuffer: UnsafeBufferPointer<Command> {
        UnsafeBufferPointer(start: commands, count: count)
    }

    /// Stage 3 only: where the shards write the outcomes of their own accounts.
    var outcomeBuffer: UnsafeMutableBufferPointer<Outcome> {
        UnsafeMutableBufferPointer(start: outcomes, count: count)
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
