internal import NIOCore
internal import NIOHTTP1

extension HTTP1ConnectionHandler {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        isWithinHead = false
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
        // Bytes that made up nothing yet.
        if !isReading, current == nil, waiting.isEmpty { isWithinHead = true }
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

    var isPaused: Bool {
        if !waiting.isEmpty { return true }
        guard let current else { return false }
        return current.holdsWindow && current.isOpen && current.unconsumed >= limits.streamWindow
    }

    /// A head waits for the exchange before it, and while the client does not take what it asked
    /// for.
    func mayServe(_ part: HTTPServerRequestPart) -> Bool {
        guard case .head = part else { return true }
        return current == nil && context?.channel.isWritable == true
    }

    func serve(_ part: HTTPServerRequestPart) {
        switch part {
        case .head(let head): begin(head)
        case .body(let bytes): deliver(bytes)
        case .end:
            guard let exchange = current else { return }
            exchange.requestEnded = true
            if exchange.isOpen, exchange.isBegun { responder?.end(exchange) }
        }
    }

    func begin(_ head: HTTPRequestHead) {
        let exchange = Exchange(transport: self, limits: limits)
        current = exchange
        heads += 1
        isEndWritten = false
        // Behind what may be an upgrade the decoder reads no further request.
        let mayUpgrade = head.method == .CONNECT || head.headers.contains(name: "upgrade")
        keepsAlive = head.isKeepAlive && !isDraining && !mayUpgrade
        hasBody =
            head.headers.contains(name: "transfer-encoding")
            || head.headers.contains(name: "content-length")
        isVersion10 = head.version.major == 1 && head.version.minor == 0
        exchange.fields.add(head)
        if exchange.fields.isTooLarge {
            keepsAlive = false
            oversight.meter.count(.headerBytes)
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

    func letContinue(_ exchange: Exchange) {
        exchange.isContinued = true
        write(.head(HTTPResponseHead(version: .http1_1, status: .continue)))
        // The client sends nothing before it has this.
        context?.flush()
    }

    func deliver(_ bytes: ByteBuffer) {
        guard let exchange = current else { return }
        if exchange.isOpen, exchange.isBegun {
            exchange.receivedBytes += bytes.readableBytes
            if exchange.holdsWindow { exchange.unconsumed += bytes.readableBytes }
            bytes.withUnsafeReadableBytes { responder?.body(exchange, $0) }
        } else {
            exchange.droppedBytes += bytes.readableBytes
            if exchange.droppedBytes > limits.discardedBody { keepsAlive = false }
        }
    }
}
