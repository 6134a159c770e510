import Gateway
import NIOCore
import Synchronization

/// A lane that sends every vote and every deletion as a request of its own.
final class UnaryLane<Script: CommandScript>: Lane, ClientDelegate {
    /// Requests of a lane at once unless it is told otherwise.
    static var usualInFlight: Int { 100 }

    private let setup: LaneSetup
    private let templates: UnaryTemplates
    private let inFlight: Int
    private let client: HTTP2Client
    private let counters: LaneCounters
    private let promise: EventLoopPromise<LaneResult<Script>>
    private var script: Script
    private var votes: RequestWindow
    private var votesAnswered = 0
    private var deletions: RequestWindow
    private var deletionsAnswered = 0
    private var voteResult = TrafficResult()
    private var deletionResult = TrafficResult()
    /// Waits until what it follows is answered.
    private var held: VoteCommand?
    private var path: [UInt8] = []
    /// Answers that are read, as far as they have come, by the number of their request.
    private var bodies: [Int: [UInt8]] = [:]
    private var pacing: Pacing?
    private var isRunning = true

    init(
        setup: LaneSetup, templates: UnaryTemplates, client: HTTP2Client, script: Script,
        counters: LaneCounters, promise: EventLoopPromise<LaneResult<Script>>
    ) {
        self.setup = setup
        self.templates = templates
        self.client = client
        self.script = script
        self.counters = counters
        self.promise = promise
        inFlight = setup.inFlight ?? Self.usualInFlight
        votes = RequestWindow(inFlight: inFlight)
        deletions = RequestWindow(inFlight: inFlight)
    }

    func start(at time: UInt64) {
        pacing = setup.rate.map { Pacing(start: time, rate: $0) }
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

    private func tick() {
        guard isRunning, held != nil || !script.votesAreOver else { return }
        client.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(Pacing.tick))) {
            self.goOn()
            self.tick()
        }
    }

    private func goOn() {
        guard isRunning else { return }
        client.corked {
            sendVotes()
            sendDeletions()
        }
        let isAnswered = waiting == 0
        if isAnswered, held == nil, script.votesAreOver, script.deletionsAreOver {
            isRunning = false
            promise.succeed(
                LaneResult(script: script, votes: voteResult, deletions: deletionResult))
        }
    }

    private var waiting: Int {
        votes.sent - votesAnswered + deletions.sent - deletionsAnswered
    }

    private var acknowledged: Acknowledged {
        Acknowledged(votes: votes.answeredThrough, deletions: deletions.answeredThrough)
    }

    // MARK: Sending

    private func sendVotes() {
        while waiting < inFlight, !votes.isFull {
            let now = MonotonicClock.now
            var scheduled = now
            if let pacing {
                guard pacing.due(by: now) > votes.sent else { return }
                scheduled = min(now, pacing.time(of: votes.sent))
            }
            guard let command = held ?? script.nextVote(acknowledged) else { return }
            held = command
            guard command.follows <= votes.answeredThrough else { return }
            held = nil
            send(command, scheduled: scheduled)
        }
    }

    private func send(_ command: VoteCommand, scheduled: UInt64) {
        templates.makeVotePath(command, in: &path)
        let body = templates.body(command)
        let head = body == nil ? templates.delete : templates.put
        let bytes = path.count + (body?.readableBytes ?? 0)
        voteResult.sentBytes += bytes
        counters.sentBytes.add(bytes, ordering: .relaxed)
        let number = votes.send(scheduled: scheduled)
        path.withUnsafeBytes {
            client.send(head, path: $0, body: body, delegate: self).slot = number
        }
    }

    private func sendDeletions() {
        while waiting < inFlight, !deletions.isFull,
            let account = script.nextDeletion(acknowledged)
        {
            templates.makeDeletionPath(account, in: &path)
            deletionResult.sentBytes += path.count
            let number = deletions.send(scheduled: MonotonicClock.now)
            // Below zero, to tell them from votes.
            path.withUnsafeBytes {
                client.send(templates.delete, path: $0, body: nil, delegate: self).slot = -number
            }
        }
    }

    // MARK: Answers

    func head(_ request: ClientRequest) {}

    func body(_ request: ClientRequest, _ bytes: UnsafeRawBufferPointer) {
        // The answer to a vote that was taken says nothing that is not known.
        if request.slot < 0 || !Self.isGood(request) {
            bodies[request.slot, default: []].append(contentsOf: bytes)
        }
    }

    private static func isGood(_ request: ClientRequest) -> Bool {
        request.status == 200 || request.status == 201
    }

    func end(_ request: ClientRequest) {
        if request.slot > 0 {
            votesAnswered += 1
            let scheduled = votes.answer(request.slot)
            take(request, scheduled, &voteResult)
            counters.votes.add(1, ordering: .relaxed)
        } else {
            deletionsAnswered += 1
            let scheduled = deletions.answer(-request.slot)
            take(request, scheduled, &deletionResult)
            counters.deletions.add(1, ordering: .relaxed)
        }
    }

    private func take(_ request: ClientRequest, _ scheduled: UInt64, _ result: inout TrafficResult)
    {
        let now = MonotonicClock.now
        result.acknowledged += 1
        result.lastAcknowledgedAt = now
        result.latencies.record(now > scheduled ? now - scheduled : 0)
        if !Self.isGood(request) {
            let code = ProblemAnswer(bodies.removeValue(forKey: request.slot) ?? []).code
            result.refusals[code, default: 0] += 1
            counters.refused.add(1, ordering: .relaxed)
        } else if request.slot < 0 {
            add(bodies.removeValue(forKey: request.slot) ?? [], &result)
        }
    }

    private func add(_ answer: [UInt8], _ result: inout TrafficResult) {
        guard let numbers = answer.withUnsafeBytes({ FlatObject($0) })?.numbers else {
            return abort(.notUnderstood(what: "the answer to a deletion"))
        }
        for name in ["retracted", "frozen"] {
            result.totals[name, default: 0] += numbers[name] ?? 0
        }
    }

    func failed(_ request: ClientRequest, _ reason: ClientFailure) {
        abort(.connectionLost(setup.address))
    }

    func wantsBody(_ request: ClientRequest) {}

    func readComplete() {
        goOn()
    }
}
