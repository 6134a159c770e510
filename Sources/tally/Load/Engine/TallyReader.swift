import Gateway
import Histogram
import NIOCore
import Synchronization

/// Reads tallies at a rate of its own while votes are cast, as the pages of a platform do. Confined to the
/// event loop of its connection.
final class TallyReader: ClientDelegate {
    /// Reads that wait for their answer at once; those that are due then wait, and count as late.
    static let inFlight = 1000

    struct Result: Sendable {
        /// By read, from its scheduled time.
        var latencies = Histogram<UInt64>.latencies
        var answered = 0
        var refused = 0
        var startedAt: UInt64 = 0
        var lastAnsweredAt: UInt64 = 0
    }

    private let address: ServerAddress
    private let client: HTTP2Client
    private let head: RequestHead
    private let paths: [String]
    private let pacing: Pacing
    private let promise: EventLoopPromise<Result>
    private var window = RequestWindow(inFlight: TallyReader.inFlight)
    private var answered = 0
    private var result = Result()
    private var isStopped = false
    private var isRunning = true

    /// - Parameters:
    ///   - paths: what is read, by chance.
    ///   - rate: reads per second.
    init(
        address: ServerAddress, client: HTTP2Client, paths: [String], rate: Double,
        start: UInt64, promise: EventLoopPromise<Result>
    ) {
        self.address = address
        self.client = client
        self.paths = paths
        self.promise = promise
        head = address.head("GET")
        pacing = Pacing(start: start, rate: rate)
        result.startedAt = start
    }

    func tick() {
        guard isRunning, !isStopped else { return }
        client.corked { send() }
        client.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(Pacing.tick))) {
            self.tick()
        }
    }

    /// Sends no more, and is over when all is answered.
    func stop() {
        isStopped = true
        endIfOver()
    }

    func abort(_ failure: LoadFailure) {
        guard isRunning else { return }
        isRunning = false
        promise.fail(failure)
    }

    private func send() {
        var due = pacing.due(by: MonotonicClock.now) - window.sent
        while due > 0, window.sent - answered < Self.inFlight, !window.isFull {
            due -= 1
            let scheduled = pacing.time(of: window.sent)
            let number = window.send(scheduled: scheduled)
            let path = paths[
                Mixing.scale(Mixing.mix(UInt64(truncatingIfNeeded: number)), to: paths.count)]
            client.send(head, path: path, body: nil, delegate: self).slot = number
        }
    }

    private func endIfOver() {
        guard isRunning, isStopped, window.sent == answered else { return }
        isRunning = false
        promise.succeed(result)
    }

    func head(_ request: ClientRequest) {}

    func body(_ request: ClientRequest, _ bytes: UnsafeRawBufferPointer) {}

    func end(_ request: ClientRequest) {
        let now = MonotonicClock.now
        let scheduled = window.answer(request.slot)
        answered += 1
        result.latencies.record(now > scheduled ? now - scheduled : 0)
        result.answered += 1
        result.lastAnsweredAt = now
        if request.status != 200 { result.refused += 1 }
    }

    func failed(_ request: ClientRequest, _ reason: ClientFailure) {
        abort(.connectionLost(address))
    }

    func wantsBody(_ request: ClientRequest) {}

    func readComplete() {
        guard isRunning else { return }
        if !isStopped { client.corked { send() } }
        endIfOver()
    }
}
