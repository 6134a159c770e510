internal import NIOCore
internal import NIOHTTP1

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
    func mayDiscardRest(of exchange: Exchange) -> Bool {
        if !hasBody { return true }
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
        exchange.unconsumed -= min(count, exchange.unconsumed)
        if wantsRead { scheduleTurnEnd() }
    }

    func reset(_ exchange: Exchange) {
        guard exchange === current, let context else { return }
        isClosing = true
        context.eventLoop.assumeIsolated().execute { context.close(promise: nil) }
    }

    func scheduleTurnEnd() {
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
    func sendOutbound() {
        guard let exchange = current, let context, exchange.answer != .none else { return }
        let before = exchange.outbound.count
        while context.channel.isWritable, let bytes = exchange.outbound.takeBuffer() {
            exchange.sentBytes += bytes.readableBytes
            sentBytes += bytes.readableBytes
            write(.body(.byteBuffer(bytes)))
        }
        let after = exchange.outbound.count
        if after == 0, exchange.outbound.isFinished, !isEndWritten {
            isEndWritten = true
            write(.end(nil))
        }
        if before > exchange.drainMark, after <= exchange.drainMark, exchange.isOpen {
            exchange.isListedAsDrained = true
        }
    }

    func write(_ part: HTTPServerResponsePart) {
        context?.write(wrapOutboundOut(part), promise: nil)
    }
}
