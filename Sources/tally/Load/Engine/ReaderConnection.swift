import NIOCore

/// The connection of the reads that go on beside the votes.
struct ReaderConnection: Sendable {
    private let eventLoop: any EventLoop
    private let reader: NIOLoopBound<TallyReader>
    let result: EventLoopFuture<TallyReader.Result>

    private init(
        _ reader: TallyReader, _ result: EventLoopFuture<TallyReader.Result>,
        on eventLoop: any EventLoop
    ) {
        self.eventLoop = eventLoop
        self.reader = NIOLoopBound(reader, eventLoop: eventLoop)
        self.result = result
    }

    /// Connects. The reads begin at once.
    static func open(
        _ address: ServerAddress, paths: [String], rate: Double, on eventLoop: any EventLoop
    ) async throws -> ReaderConnection {
        try await address.connect(on: eventLoop) { client in
            let promise = eventLoop.makePromise(of: TallyReader.Result.self)
            let reader = TallyReader(
                address: address, client: client, paths: paths, rate: rate,
                start: MonotonicClock.now, promise: promise)
            reader.tick()
            return ReaderConnection(reader, promise.futureResult, on: eventLoop)
        }
    }

    func stop() {
        eventLoop.execute { reader.value.stop() }
    }

    func abort(_ failure: LoadFailure) {
        eventLoop.execute { reader.value.abort(failure) }
    }
}
