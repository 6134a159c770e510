import Gateway
import NIOCore
import Synchronization

/// A lane that sends its votes as one stream of lines and its deletions as another beside it.
final class StreamLane<Script: CommandScript>: Lane, LineStreamOwner {
    /// About the bytes of a block of lines.
    private static var blockBytes: Int { 64 << 10 }
    /// Deletions that go out together.
    private static var deletionLines: Int { 128 }

    private let setup: LaneSetup
    private let client: HTTP2Client
    private let counters: LaneCounters
    private let promise: EventLoopPromise<LaneResult<Script>>
    private let blockLines: Int
    private var script: Script
    private var votes: LineStream!
    private var deletions: LineStream?
    private var pacing: Pacing?
    private var isRunning = true
    private var isGoingOn = false
    private var isAskedAgain = false

    init(
        setup: LaneSetup, client: HTTP2Client, script: Script, counters: LaneCounters,
        promise: EventLoopPromise<LaneResult<Script>>
    ) {
        self.setup = setup
        self.client = client
        self.script = script
        self.counters = counters
        self.promise = promise
        blockLines = max(1, Self.blockBytes / setup.templates.longestLine)
    }

    func start(at time: UInt64) {
        pacing = setup.rate.map { Pacing(start: time, rate: $0) }
        votes = LineStream(
            address: setup.address, path: setup.votesPath, owner: self,
            acknowledged: { [counters] in counters.votes.add($0, ordering: .relaxed) },
            refused: { [counters] in counters.refused.add(1, ordering: .relaxed) })
        votes.open(client, setup.streamHead)
        if pacing != nil { tick() }
        goOn()
    }

    func stop() {
        guard isRunning else { return }
        script.stop()
        goOn()
    }

    func abort(_ failure: LoadFailure) {
        guard isRunning else { return }
        isRunning = false
        promise.fail(failure)
    }

    func failed(_ failure: LoadFailure) {
        abort(failure)
    }

    private func tick() {
        guard isRunning, !script.votesAreOver else { return }
        client.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(Pacing.tick))) {
            self.goOn()
            self.tick()
        }
    }

    /// Sends what may be sent now, and ends what is over.
    func goOn() {
        guard isRunning else { return }
        isAskedAgain = true
        guard !isGoingOn else { return }
        isGoingOn = true
        // What is written may be gone, and more wanted, before the call returns.
        while isAskedAgain {
            isAskedAgain = false
            client.corked {
                sendVotes()
                sendDeletions()
            }
        }
        isGoingOn = false
        if votes.isOver, script.deletionsAreOver, deletions?.isOver ?? true { complete() }
    }

    private func complete() {
        isRunning = false
        promise.succeed(
            LaneResult(
                script: script, votes: votes.result,
                deletions: deletions?.result ?? TrafficResult()))
    }

    private var acknowledged: Acknowledged {
        Acknowledged(votes: votes.acknowledged, deletions: deletions?.acknowledged ?? 0)
    }

    private func sendVotes() {
        while votes.takesMore, !script.votesAreOver {
            var limit = blockLines
            if let inFlight = setup.inFlight {
                limit = min(limit, inFlight - (votes.sent - votes.acknowledged))
            }
            let now = MonotonicClock.now
            var scheduled = now
            if let pacing {
                limit = min(limit, pacing.linesPerTick, pacing.due(by: now) - votes.sent)
                scheduled = min(now, pacing.time(of: votes.sent))
            }
            guard limit > 0, sendVotes(limit: limit, scheduled: scheduled) else { break }
        }
        if script.votesAreOver { votes.finish() }
    }

    private func sendVotes(limit: Int, scheduled: UInt64) -> Bool {
        var buffer = ByteBuffer()
        let lines = setup.templates.appendVotes(
            of: &script, acknowledged, limit: limit, to: &buffer)
        guard lines > 0 else { return false }
        counters.sentBytes.add(buffer.readableBytes, ordering: .relaxed)
        votes.write(buffer, lines: lines, scheduled: scheduled)
        return true
    }

    private func sendDeletions() {
        while deletions?.takesMore ?? true {
            var buffer = ByteBuffer()
            let lines = setup.templates.appendDeletions(
                of: &script, acknowledged, limit: Self.deletionLines, to: &buffer)
            guard lines > 0 else { break }
            let stream = deletions ?? openDeletions()
            counters.sentBytes.add(buffer.readableBytes, ordering: .relaxed)
            stream.write(buffer, lines: lines, scheduled: MonotonicClock.now)
        }
        if script.deletionsAreOver { deletions?.finish() }
    }

    /// Opened with the first deletion: many workloads have none.
    private func openDeletions() -> LineStream {
        let stream = LineStream(
            address: setup.address, path: "/v1/deletions", owner: self,
            acknowledged: { [counters] in counters.deletions.add($0, ordering: .relaxed) },
            refused: { [counters] in counters.refused.add(1, ordering: .relaxed) })
        stream.open(client, setup.streamHead)
        deletions = stream
        return stream
    }
}
