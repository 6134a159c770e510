internal import NIOCore
internal import NIOHTTP1

/// One HTTP/1.1 connection of a client. Requests are served one after the other; the parts of
/// pipelined ones wait here, and the socket is not read meanwhile.
final class HTTP1ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    let limits: TransportLimits
    let fieldWriter = FieldWriter()
    let eventLoop: any EventLoop
    let remoteAddress: SocketAddress?
    private let makeResponder: (any HTTPConnection) -> any RequestResponder
    private(set) var responder: (any RequestResponder)?
    private(set) var context: ChannelHandlerContext?
    /// The request that is being served, until its response is out and its body is in.
    private(set) var current: Exchange?
    /// Parts of requests that have arrived too early.
    private var waiting = CircularBuffer<HTTPServerRequestPart>()
    /// What is to be answered when all before it is, and then the connection closes.
    private var failure: ProblemDetails?
    private var wantsRead = false
    private var isReading = false
    private var corks = 0
    private var isTurnEndScheduled = false
    private var isEndingTurn = false
    private var isInputClosed = false
    private(set) var isDraining = false
    private(set) var isClosing = false
    private var keepsAlive = true
    /// The client knows neither chunks nor a host field.
    private var isVersion10 = false
    private var isEndWritten = false
    /// Delivered body bytes of the current request that are not consumed.
    private var unconsumed = 0

    init(
        channel: any Channel, limits: TransportLimits,
        makeResponder: @escaping (any HTTPConnection) -> any RequestResponder
    ) {
        self.limits = limits
        self.makeResponder = makeResponder
        eventLoop = channel.eventLoop
        remoteAddress = channel.remoteAddress
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        responder = makeResponder(self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        tearDown()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        tearDown()
    }

    private func tearDown() {
        guard let responder else { return }
        context = nil
        waiting.removeAll()
        abortCurrent()
        self.responder = nil
        responder.connectionClosed()
    }

    private func abortCurrent() {
        guard let exchange = current else { return }
        current = nil
        let isUnanswered = exchange.isBegun && exchange.answer != .complete
        exchange.isCut = true
        exchange.outbound.removeAll()
        if isUnanswered { responder?.aborted(exchange) }
    }
}

// MARK: - Requests

extension HTTP1ConnectionHandler {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        guard !isClosing else { return }
        let part = unwrapInboundIn(data)
        retire()
        if waiting.isEmpty, mayServe(part) {
            serve(part)
        } else {
            waiting.append(part)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        responder?.readComplete()
        isReading = false
        endTurn()
    }

    func read(context: ChannelHandlerContext) {
        if isPaused {
            wantsRead = true
        } else {
            context.read()
        }
    }

    private var isPaused: Bool {
        if !waiting.isEmpty { return true }
        guard let current else { return false }
        return current.holdsWindow && current.isOpen && unconsumed >= limits.streamWindow
    }

    /// A head waits for the exchange before it, and while the client does not take what it asked
    /// for.
    private func mayServe(_ part: HTTPServerRequestPart) -> Bool {
        guard case .head = part else { return true }
        return current == nil && context?.channel.isWritable == true
    }

    private func serve(_ part: HTTPServerRequestPart) {
        switch part {
        case .head(let head): begin(head)
        case .body(let bytes): deliver(bytes)
        case .end:
            guard let exchange = current else { return }
            exchange.requestEnded = true
            if exchange.isOpen, exchange.isBegun { responder?.end(exchange) }
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        let exchange = Exchange(transport: self, limits: limits)
        current = exchange
        isEndWritten = false
        unconsumed = 0
        keepsAlive = head.isKeepAlive && !isDraining
        isVersion10 = head.version.major == 1 && head.version.minor == 0
        exchange.fields.add(head)
        if exchange.fields.isTooLarge {
            keepsAlive = false
            exchange.respond(.headerTooLarge)
            return
        }
        if !isVersion10, head.headers[canonicalForm: "host"].count != 1 {
            keepsAlive = false
            exchange.respond(.missingHost)
            return
        }
        exchange.isBegun = true
        responder?.begin(exchange)
        if exchange.answer == .none, exchange.waitsToContinue { letContinue(exchange) }
    }

    private func letContinue(_ exchange: Exchange) {
        exchange.isContinued = true
        write(.head(HTTPResponseHead(version: .http1_1, status: .continue)))
        // The client sends nothing before it has this.
        context?.flush()
    }

    private func deliver(_ bytes: ByteBuffer) {
        guard let exchange = current else { return }
        if exchange.isOpen, exchange.isBegun {
            if exchange.holdsWindow { unconsumed += bytes.readableBytes }
            bytes.withUnsafeReadableBytes { responder?.body(exchange, $0) }
        } else {
            exchange.droppedBytes += bytes.readableBytes
            if exchange.droppedBytes > limits.discardedBody { keepsAlive = false }
        }
    }

    /// Lets go of an exchange that is over.
    private func retire() {
        guard let exchange = current, isEndWritten else { return }
        if exchange.requestEnded {
            current = nil
            if !keepsAlive || isDraining { closeAfterOutput() }
        } else if !keepsAlive {
            current = nil
            closeAfterOutput()
        }
    }

    /// What a turn of the event loop brought is done with: waiting requests are served as far as
    /// they may, and all output leaves.
    private func endTurn() {
        guard !isEndingTurn, context != nil else { return }
        isEndingTurn = true
        repeat {
            sendOutbound()
            deliverDrained()
            retire()
            serveWaiting()
            context?.flush()
        } while mayGoOn
        if current == nil, waiting.isEmpty { answerFailure() }
        isEndingTurn = false
        if wantsRead, !isPaused, let context {
            wantsRead = false
            context.read()
        }
    }

    private func serveWaiting() {
        var served = false
        while !isClosing, let part = waiting.first, mayServe(part) {
            waiting.removeFirst()
            serve(part)
            retire()
            served = true
        }
        if served { responder?.readComplete() }
    }

    private func deliverDrained() {
        guard let exchange = current, exchange.isListedAsDrained else { return }
        exchange.isListedAsDrained = false
        if exchange.isOpen, exchange.isBegun { responder?.drained(exchange) }
    }

    /// The last flush made room, or the last request was answered at once.
    private var mayGoOn: Bool {
        guard let context, context.channel.isWritable, !isClosing else { return false }
        if let current { return current.unsentBytes > 0 || (isEndWritten && current.requestEnded) }
        return !waiting.isEmpty
    }
}

// MARK: - Events of the channel

extension HTTP1ConnectionHandler {
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, !isReading { endTurn() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ConnectionDrain: drain()
        case ChannelEvent.inputClosed:
            isInputClosed = true
            // A client may close its side after the last request and still wait for the answers.
            if let current, !current.requestEnded, waiting.isEmpty {
                abortCurrent()
                context.close(promise: nil)
            } else if !isReading {
                endTurn()
            }
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let parserError = error as? HTTPParserError, !isClosing else {
            context.close(promise: nil)
            return
        }
        failure = parserError == .headerOverflow ? .headerTooLarge : .malformedRequest
        if let exchange = current, !exchange.requestEnded, waiting.isEmpty {
            // The body of the request that is being served is broken.
            let isHeadSent = exchange.answer != .none
            abortCurrent()
            if isHeadSent {
                context.close(promise: nil)
                return
            }
        }
        if !isReading { endTurn() }
    }

    private func drain() {
        guard !isDraining else { return }
        isDraining = true
        keepsAlive = false
        corked { responder?.connectionDraining() }
        if current == nil { closeAfterOutput() }
    }

    /// The bytes after the last good request are no request, or there are none.
    private func answerFailure() {
        guard !isClosing else { return }
        if let failure {
            let body = failure.json()
            write(
                .head(
                    HTTPResponseHead(
                        version: .http1_1, status: HTTPResponseStatus(statusCode: failure.status),
                        headers: [
                            "content-type": "application/problem+json",
                            "content-length": String(body.readableBytes), "connection": "close",
                        ])))
            write(.body(.byteBuffer(body)))
            write(.end(nil))
            closeAfterOutput()
        } else if isInputClosed {
            closeAfterOutput()
        }
    }

    private func closeAfterOutput() {
        guard !isClosing, let context else { return }
        isClosing = true
        waiting.removeAll()
        context.closeAfterOutput(
            writing: wrapOutboundOut(.body(.byteBuffer(ByteBuffer()))), linger: limits.linger)
    }
}

// MARK: - Responses

extension HTTP1ConnectionHandler: ExchangeTransport {
    var version: HTTPVersion { .http1 }

    var unsentBytes: Int { current?.unsentBytes ?? 0 }

    func corked(_ body: () -> Void) {
        corks += 1
        body()
        corks -= 1
        if corks == 0, !isReading { endTurn() }
    }

    func close() {
        guard let context else { return }
        isClosing = true
        context.eventLoop.assumeIsolated().execute { context.close(promise: nil) }
    }

    func send(_ exchange: Exchange, _ head: ResponseHead, hasBody: Bool) {
        guard exchange === current else { return }
        if exchange.answer == .streaming, exchange.waitsToContinue { letContinue(exchange) }
        var headers = head.http1
        for field in fieldWriter.fields {
            headers.add(name: field.name.description, value: fieldWriter.value(field))
        }
        if exchange.answer == .streaming, !exchange.isHead, !head.forbidsBody {
            if isVersion10 {
                keepsAlive = false
            } else {
                headers.add(name: "transfer-encoding", value: "chunked")
            }
        }
        if exchange.answer == .complete, !exchange.requestEnded, !mayDiscardRest(of: exchange) {
            keepsAlive = false
        }
        if !keepsAlive {
            headers.add(name: "connection", value: "close")
        } else if isVersion10 {
            headers.add(name: "connection", value: "keep-alive")
        }
        write(
            .head(
                HTTPResponseHead(
                    version: isVersion10 ? .http1_0 : .http1_1,
                    status: HTTPResponseStatus(statusCode: head.status), headers: headers)))
        outboundGrew(exchange)
    }

    /// The answer is complete before the request is: a small rest costs less than another
    /// connection.
    private func mayDiscardRest(of exchange: Exchange) -> Bool {
        guard !exchange.waitsToContinue, let length = exchange.contentLength else { return false }
        return length <= limits.discardedBody
    }

    func outboundGrew(_ exchange: Exchange) {
        guard exchange === current else { return }
        sendOutbound()
        scheduleTurnEnd()
    }

    func consumed(_ exchange: Exchange, _ count: Int) {
        guard exchange === current else { return }
        unconsumed -= count
        if wantsRead { scheduleTurnEnd() }
    }

    func reset(_ exchange: Exchange) {
        guard exchange === current, let context else { return }
        isClosing = true
        context.eventLoop.assumeIsolated().execute { context.close(promise: nil) }
    }

    private func scheduleTurnEnd() {
        guard !isReading, corks == 0, !isEndingTurn, !isTurnEndScheduled, let context else {
            return
        }
        isTurnEndScheduled = true
        context.eventLoop.assumeIsolated().execute { [self] in
            isTurnEndScheduled = false
            endTurn()
        }
    }

    /// Hands the unsent bytes of the current exchange to the channel as long as it takes some.
    private func sendOutbound() {
        guard let exchange = current, let context, exchange.answer != .none else { return }
        let before = exchange.outbound.count
        while context.channel.isWritable, let bytes = exchange.outbound.takeBuffer() {
            exchange.sentBytes += bytes.readableBytes
            write(.body(.byteBuffer(bytes)))
        }
        let after = exchange.outbound.count
        if after == 0, exchange.outbound.isFinished, exchange.answer == .complete, !isEndWritten {
            isEndWritten = true
            write(.end(nil))
        }
        if before > exchange.drainMark, after <= exchange.drainMark, exchange.isOpen {
            exchange.isListedAsDrained = true
        }
    }

    private func write(_ part: HTTPServerResponsePart) {
        context?.write(wrapOutboundOut(part), promise: nil)
    }
}
