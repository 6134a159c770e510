import NIOCore

/// One connection with its lanes, as the run sees it from outside its event loop.
struct LoadConnection<Script: CommandScript>: Sendable {
    private let eventLoop: any EventLoop
    private let lanes: NIOLoopBound<[any Lane]>
    let results: [EventLoopFuture<LaneResult<Script>>]

    private init(
        _ lanes: [any Lane], _ results: [EventLoopFuture<LaneResult<Script>>],
        on eventLoop: any EventLoop
    ) {
        self.eventLoop = eventLoop
        self.lanes = NIOLoopBound(lanes, eventLoop: eventLoop)
        self.results = results
    }

    /// Connects, with one lane for each of `scripts`.
    static func open(
        _ setup: LaneSetup, unary: UnaryTemplates?, scripts: [Script], counters: [LaneCounters],
        on eventLoop: any EventLoop
    ) async throws -> LoadConnection {
        try await setup.address.connect(on: eventLoop) { client in
            var lanes: [any Lane] = []
            var results: [EventLoopFuture<LaneResult<Script>>] = []
            for (script, counters) in zip(scripts, counters) {
                let promise = eventLoop.makePromise(of: LaneResult<Script>.self)
                results.append(promise.futureResult)
                if let unary {
                    lanes.append(
                        UnaryLane(
                            setup: setup, templates: unary, client: client, script: script,
                            counters: counters, promise: promise))
                } else {
                    lanes.append(
                        StreamLane(
                            setup: setup, client: client, script: script, counters: counters,
                            promise: promise))
                }
            }
            return LoadConnection(lanes, results, on: eventLoop)
        }
    }

    func start(at time: UInt64) {
        each { $0.start(at: time) }
    }

    func stop() {
        each { $0.stop() }
    }

    func abort(_ failure: LoadFailure) {
        each { $0.abort(failure) }
    }

    private func each(_ body: @escaping @Sendable (any Lane) -> Void) {
        eventLoop.execute { for lane in lanes.value { body(lane) } }
    }
}
