internal import NIOCore
internal import NIOHTTP1

/// One HTTP/1.1 connection of a client. Requests are served one after the other; the parts of
/// pipelined ones wait here, and the socket is not read meanwhile.
final class HTTP1ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    let oversight: Oversight
    var limits: TransportLimits { oversight.limits }
    let fieldWriter = FieldWriter()
    let eventLoop: any EventLoop
    private let makeResponder: (any HTTPConnection) -> any RequestResponder
    var responder: (any RequestResponder)?
    var context: ChannelHandlerContext?
    /// The request that is being served, until its response is out and its body is in.
    var current: Exchange?
    /// Parts of requests that have arrived too early.
    var waiting = CircularBuffer<HTTPServerRequestPart>()
    /// What is to be answered when all before it is, and then the connection closes.
    var failure: ProblemDetails?
    var wantsRead = false
    var isReading = false
    var corks = 0
    var isTurnEndScheduled = false
    var isEndingTurn = false
    var isInputClosed = false
    var isDraining = false
    var isClosing = false
    var keepsAlive = true
    /// The client knows neither chunks nor a host field.
    var isVersion10 = false
    /// The request in hand has a body, or says that it has.
    var hasBody = false
    var isEndWritten = false
    /// Bytes have come since the last request that are no head yet.
    var isWithinHead = false
    /// Requests that were begun.
    var heads = 0
    /// Body bytes that were given to the channel.
    var sentBytes = 0
    var pace = ConnectionPace()

    init(
        channel: any Channel, oversight: Oversight,
        makeResponder: @escaping (any HTTPConnection) -> any RequestResponder
    ) {
        self.oversight = oversight
        self.makeResponder = makeResponder
        eventLoop = channel.eventLoop
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        responder = makeResponder(self)
        oversight.watch.add(self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        tearDown()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        tearDown()
    }

    func tearDown() {
        guard let responder else { return }
        context = nil
        oversight.watch.remove(self)
        waiting.removeAll()
        abortCurrent()
        self.responder = nil
        responder.connectionClosed()
    }

    func abortCurrent() {
        guard let exchange = current else { return }
        current = nil
        let isUnanswered = exchange.isBegun && exchange.answer != .complete
        exchange.isCut = true
        exchange.outbound.removeAll()
        if isUnanswered { responder?.aborted(exchange) }
    }
}

// MARK: - The turn

extension HTTP1ConnectionHandler {
    /// Lets go of an exchange that is over.
    func retire() {
        guard let exchange = current, isEndWritten else { return }
        if exchange.requestEnded {
            // The answer to a HEAD is over with its head, whatever its responder still writes.
            if exchange.isOpen { abortCurrent() }
            current = nil
            if !keepsAlive || isDraining { closeAfterOutput() }
        } else if !keepsAlive {
            current = nil
            closeAfterOutput()
        }
    }

    /// What a turn of the event loop brought is done with: waiting requests are served as far as
    /// they may, and all output leaves.
    func endTurn() {
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

    func serveWaiting() {
        var served = false
        while !isClosing, let part = waiting.first, mayServe(part) {
            waiting.removeFirst()
            serve(part)
            retire()
            served = true
        }
        if served { responder?.readComplete() }
    }

    func deliverDrained() {
        guard let exchange = current, exchange.isListedAsDrained else { return }
        exchange.isListedAsDrained = false
        if exchange.isOpen, exchange.isBegun { responder?.drained(exchange) }
    }

    /// The last flush made room, or the last request was answered at once.
    var mayGoOn: Bool {
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
        oversight.meter.count(
            parserError == .headerOverflow ? .headerBytes : .protocolErrors)
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

    func drain() {
        guard !isDraining else { return }
        isDraining = true
        keepsAlive = false
        corked { responder?.connectionDraining() }
        if current == nil { closeAfterOutput() }
    }

    /// The bytes after the last good request are no request, or there are none.
    func answerFailure() {
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

    func closeAfterOutput() {
        guard !isClosing, let context else { return }
        isClosing = true
        waiting.removeAll()
        context.closeAfterOutput(
            writing: wrapOutboundOut(.body(.byteBuffer(ByteBuffer()))), linger: limits.linger)
    }
}
