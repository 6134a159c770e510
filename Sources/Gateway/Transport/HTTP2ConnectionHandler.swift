internal import NIOCore

/// One HTTP/2 connection of a client: turns the streams of its session into exchanges for the
/// responder.
final class HTTP2ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// Exchanges that are kept to be used again.
    private static let pooledExchanges = 128

    private let oversight: Oversight
    private var limits: TransportLimits { oversight.limits }
    private let makeResponder: (any HTTPConnection) -> any RequestResponder
    @exclusivity(unchecked) private var responder: (any RequestResponder)?
    @exclusivity(unchecked) private var wire: HTTP2Wire!
    private var context: ChannelHandlerContext?
    private var isDraining = false
    @exclusivity(unchecked) private var frames: FrameMeter
    /// A limit that was crossed within one of the session's calls.
    private var crossed: Limit?
    private var isStopped = false
    private var pace = ConnectionPace()
    @exclusivity(unchecked) private var pool: [Exchange] = []
    let fieldWriter = FieldWriter()
    let eventLoop: any EventLoop

    init(
        channel: any Channel, oversight: Oversight,
        makeResponder: @escaping (any HTTPConnection) -> any RequestResponder
    ) {
        self.oversight = oversight
        frames = FrameMeter(oversight.limits)
        self.makeResponder = makeResponder
        eventLoop = channel.eventLoop
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        do {
            wire = try HTTP2Wire(role: .server, limits: limits, events: self, context: context)
        } catch {
            context.fireErrorCaught(error)
            context.close(promise: nil)
            return
        }
        responder = makeResponder(self)
        oversight.watch.add(self)
        if context.channel.isActive { wire.flush() }
    }

    func channelActive(context: ChannelHandlerContext) {
        wire.flush()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        creditSentFrames()
        if let limit = bytes.withUnsafeReadableBytes({ frames.take($0, at: .now()) }) {
            return stop(limit)
        }
        wire.receive(bytes)
        if let crossed { stop(crossed) }
        // What came before it is taken; `readComplete` flushes.
        if let violation = frames.violation { wire.session.submitError(violation) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        responder?.readComplete()
        wire.readComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { wire.flush() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ConnectionDrain: drain()
        // A client that has closed its side can neither acknowledge nor open windows: nothing is
        // left to do.
        case ChannelEvent.inputClosed: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        tearDown()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        tearDown()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A broken connection is the client's business; what was open is aborted when it closes.
        context.close(promise: nil)
    }

    private func tearDown() {
        guard let responder else { return }
        self.responder = nil
        context = nil
        oversight.watch.remove(self)
        for stream in wire.detach() { abort(exchange(stream), responder) }
        responder.connectionClosed()
        pool.removeAll()
    }

    /// Unchecked: every stream of the session came from `makeStream`.
    private func exchange(_ stream: MessageStream) -> Exchange {
        unsafeDowncast(stream, to: Exchange.self)
    }

    private func abort(_ exchange: Exchange, _ responder: any RequestResponder) {
        let isUnanswered = exchange.isBegun && exchange.answer != .complete
        exchange.isCut = true
        exchange.outbound.removeAll()
        if isUnanswered { responder.aborted(exchange) }
    }

    // MARK: Limits

    /// What was sent lets the client send more, unless it was the client that cut it small.
    private func creditSentFrames() {
        let (sent, dribbles) = wire.session.takeSentFrames()
        if sent > 0 { frames.sent(sent) }
        if dribbles > 0, crossed == nil { crossed = frames.dribbled(dribbles, at: .now()) }
    }

    private func streamError(_ cost: Int = 1) {
        if crossed == nil { crossed = frames.streamError(cost, at: .now()) }
    }

    /// Ends the connection of a client that has crossed a limit.
    private func stop(_ limit: Limit) {
        guard !wire.isClosing else { return }
        isStopped = true
        oversight.meter.count(limit)
        if limit == .readRate { context?.abandonOutput() }
        wire.calm()
    }

    // MARK: Going down

    private func drain() {
        guard !isDraining, let context else { return }
        isDraining = true
        corked {
            wire.session.submitShutdownNotice()
            responder?.connectionDraining()
        }
        context.eventLoop.assumeIsolated().scheduleTask(in: limits.shutdownNotice) { [self] in
            guard self.context != nil else { return }
            wire.session.submitGoAway()
            resetAnswered()
        }
    }

    /// Answered streams whose clients still send would keep the connection from closing. Looks
    /// again until it is closed.
    private func resetAnswered() {
        guard let context else { return }
        for stream in wire.session.open where stream.isEndSent {
            wire.session.reset(stream, code: HTTP2Session.noError)
        }
        wire.flush()
        context.eventLoop.assumeIsolated().scheduleTask(in: limits.shutdownNotice) { [self] in
            resetAnswered()
        }
    }
}

extension HTTP2ConnectionHandler: HTTP2SessionEvents {
    func makeStream() -> MessageStream {
        pool.popLast() ?? Exchange(transport: self, limits: limits)
    }

    func head(_ stream: MessageStream) {
        let exchange = self.exchange(stream)
        exchange.hasPeerHead = true
        if exchange.fields.isTooLarge {
            refusedHead()
            exchange.respond(.headerTooLarge)
            return
        }
        exchange.isBegun = true
        responder?.begin(exchange)
        if exchange.answer == .none, exchange.waitsToContinue { letContinue(exchange) }
    }

    private func letContinue(_ exchange: Exchange) {
        exchange.isContinued = true
        wire.session.submitContinue(exchange)
    }

    func data(_ stream: MessageStream, _ bytes: UnsafeRawBufferPointer) {
        let exchange = self.exchange(stream)
        if exchange.isOpen, exchange.isBegun {
            responder?.body(exchange, bytes)
        } else {
            drop(exchange, bytes.count)
        }
    }

    /// The rest of a request that is already answered. The client may send until the stream's
    /// window is used up; it gets time to read its answer and to stop by itself, because some
    /// clients take a reset, even one without an error, for the loss of the answer before it.
    private func drop(_ exchange: Exchange, _ count: Int) {
        exchange.holdsWindow = true
        if exchange.droppedBytes == 0 { scheduleReset(exchange) }
        exchange.droppedBytes += count
    }

    private func scheduleReset(_ exchange: Exchange) {
        eventLoop.assumeIsolated().scheduleTask(in: limits.linger) { [self] in
            guard context != nil, exchange.openIndex != nil else { return }
            // A slow reader has not got all of the answer.
            guard exchange.isEndSent else { return scheduleReset(exchange) }
            wire.session.reset(exchange, code: HTTP2Session.noError)
            wire.submitted()
        }
    }

    func end(_ stream: MessageStream) {
        let exchange = self.exchange(stream)
        exchange.requestEnded = true
        if exchange.isOpen, exchange.isBegun { responder?.end(exchange) }
    }

    func closed(_ stream: MessageStream, code: UInt32) {
        if let responder { abort(exchange(stream), responder) }
    }

    func recycle(_ stream: MessageStream) {
        guard pool.count < Self.pooledExchanges, responder != nil else { return }
        let exchange = self.exchange(stream)
        exchange.prepareForReuse()
        pool.append(exchange)
    }

    func drained(_ stream: MessageStream) {
        let exchange = self.exchange(stream)
        if exchange.isOpen, exchange.isBegun { responder?.drained(exchange) }
    }

    private func refusedHead() {
        oversight.meter.count(.headerBytes)
        streamError(FrameMeter.costOfRefusedHead)
    }

    func headAbandoned() { refusedHead() }

    func resetSent() { streamError() }

    func brokenOff() {
        if !isStopped { oversight.meter.count(.protocolErrors) }
    }

    func goAwayReceived() {}
}

extension HTTP2ConnectionHandler: ExchangeTransport {
    var version: HTTPVersion { .http2 }

    var unsentBytes: Int {
        wire.session.open.reduce(0) { $0 + $1.unsentBytes }
    }

    func corked(_ body: () -> Void) {
        wire.corked(body)
    }

    func close() {
        wire.cut()
    }

    func send(_ exchange: Exchange, _ head: ResponseHead, hasBody: Bool) {
        // Whoever streams an answer before the request has ended wants the body.
        if exchange.answer == .streaming, exchange.waitsToContinue { letContinue(exchange) }
        wire.session.submitResponse(exchange, head, fieldWriter, hasBody: hasBody)
        wire.submitted()
    }

    func outboundGrew(_ exchange: Exchange) {
        wire.session.resume(exchange)
        wire.submitted()
    }

    func consumed(_ exchange: Exchange, _ count: Int) {
        wire.session.consume(exchange, count)
        wire.submitted()
    }

    func reset(_ exchange: Exchange) {
        wire.session.reset(exchange, code: HTTP2Session.internalError)
        wire.submitted()
    }
}

extension HTTP2ConnectionHandler: Watched {
    func look(at now: NIODeadline) {
        guard let context, responder != nil else { return }
        creditSentFrames()
        let streams = wire.session.open
        let state = ConnectionPace.State(
            isIdle: streams.isEmpty && !wire.isClosing, isWithinHead: frames.isWithinHead,
            begun: frames.begun,
            hasUnsent: !context.channel.isWritable || streams.contains { $0.unsentBytes > 0 },
            takenBytes: wire.sentBytes - context.bufferedBytes, isClosing: wire.isClosing)
        switch crossed ?? pace.crossed(state, limits, at: now) {
        case nil: lookAtStreams(now)
        case .idleTime:
            oversight.meter.count(.idleTime)
            wire.session.submitGoAway()
            wire.flush()
        case .stallTime:
            context.abandonOutput()
            context.close(promise: nil)
        case let limit?: stop(limit)
        }
    }

    private func lookAtStreams(_ now: NIODeadline) {
        for stream in wire.session.open {
            let exchange = self.exchange(stream)
            let isBlocked = exchange.unsentBytes > 0 && wire.session.isBlocked(exchange)
            let limit = exchange.patience.crossed(
                exchange, isBlocked: isBlocked, limits, at: now)
            guard let limit else { continue }
            oversight.meter.count(limit)
            wire.session.reset(exchange, code: HTTP2Session.cancelled)
            wire.submitted()
        }
    }
}
