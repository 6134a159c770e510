import Synchronization
import TallyActors

/// One submitter: it sees its batches come back, in order, and lets tests wait for them.
final class Connection: BatchCompletion {
    private struct State {
        var submitted: [CommandBatch] = []
        var returned = 0
        var isInOrder = true
        var waiting: (count: Int, resume: @Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// Whether every batch has come back once, in the order of submission.
    var isInOrder: Bool { state.withLock { $0.isInOrder } }

    /// All batches that were submitted.
    var batches: [CommandBatch] { state.withLock { $0.submitted } }

    /// Submits without waiting.
    func submit(_ commands: [Command], to service: TallyService, lane: BatchLane? = nil) {
        submit(capacity: commands.count, to: service, lane: lane) { batch in
            for command in commands { batch.append(command) }
        }
    }

    /// Submits what `fill` puts into a batch, without waiting.
    func submit(
        capacity: Int, to service: TallyService, lane: BatchLane? = nil,
        fill: (CommandBatch) -> Void
    ) {
        let batch = CommandBatch(capacity: capacity, completion: self)
        fill(batch)
        batch.lane = lane
        state.withLock { $0.submitted.append(batch) }
        service.submit(batch)
    }

    /// Waits until everything submitted so far has come back.
    func settle() async {
        await withCheckedContinuation { continuation in
            let isSettled = state.withLock { state in
                if state.returned == state.submitted.count { return true }
                state.waiting = (state.submitted.count, { continuation.resume() })
                return false
            }
            if isSettled { continuation.resume() }
        }
    }

    /// Submits and waits.
    @discardableResult
    func run(
        _ commands: [Command], on service: TallyService, lane: BatchLane? = nil
    ) async -> CommandBatch {
        submit(commands, to: service, lane: lane)
        await settle()
        return batches.last!
    }

    func batchApplied(_ batch: CommandBatch) {
        let resume: (@Sendable () -> Void)? = state.withLock { state in
            let isNext =
                state.returned < state.submitted.count
                && state.submitted[state.returned] === batch
            state.isInOrder = state.isInOrder && isNext
            state.returned += 1
            guard let waiting = state.waiting, waiting.count == state.returned else { return nil }
            state.waiting = nil
            return waiting.resume
        }
        resume?()
    }
}

extension CommandBatch {
    var outcomes: [Outcome] { results.map(\.outcome) }
    var codes: [Outcome.Code] { outcomes.map(\.code) }

    /// Each command, and of a ballot its votes.
    var commands: [(head: Command, votes: [Command])] {
        var commands: [(head: Command, votes: [Command])] = []
        var rest = commandBuffer[...]
        while let head = rest.popFirst() {
            let votes = Array(rest.prefix(head.placeCount - 1))
            rest = rest.dropFirst(votes.count)
            commands.append((head, votes))
        }
        return commands
    }
}
