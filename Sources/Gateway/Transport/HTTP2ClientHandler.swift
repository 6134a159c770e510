internal import NIOCore

/// The client's side of an HTTP/2 connection in its channel.
final class HTTP2ClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let configuration: HTTP2ClientConfiguration
    let eventLoop: any EventLoop
    private var wire: HTTP2Wire!
    private let fieldWriter = FieldWriter()
    /// The server takes requests.
    private(set) var isOpen = false
    /// Whom the bytes of this read concerned.
    private var touched: [any ClientDelegate] = []
    var whenClosed: (() -> Void)?

    init(eventLoop: any EventLoop, configuration: HTTP2ClientConfiguration) {
        self.eventLoop = eventLoop
        self.configuration = configuration
    }

    func handlerAdded(context: ChannelHandlerContext) {
        do {
            wire = try HTTP2Wire(
                role: .client, limits: configuration.limits, events: self, context: context)
            isOpen = true
        } catch {
            context.fireErrorCaught(error)
            context.close(promise: nil)
            return
        }
        if context.channel.isActive { wire.flush() }
    }

    func channelActive(context: ChannelHandlerContext) {
        wire.flush()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        wire.receive(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        var delegates: [any ClientDelegate] = []
        swap(&delegates, &touched)
        for delegate in delegates { delegate.readComplete() }
        wire.readComplete()
        delegates.removeAll(keepingCapacity: true)
        if touched.isEmpty { swap(&delegates, &touched) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { wire.flush() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        isOpen = false
        for stream in wire.detach() { fail(request(stream), .connectionLost) }
        touched.removeAll()
        whenClosed?()
        whenClosed = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    // MARK: What the client asks

    var openRequests: Int { wire.session.open.count }
    var peerStreamLimit: Int { wire.session.peerStreamLimit }

    func send(
        _ head: RequestHead, path: UnsafeRawBufferPointer, body: ByteBuffer?, isStreamed: Bool,
        delegate: any ClientDelegate
    ) -> ClientRequest {
        let request = ClientRequest(
            handler: self, delegate: delegate, keepsFields: configuration.keepsFields)
        fieldWriter.removeAll()
        fieldWriter.addPath(path)
        if let body {
            request.outbound.append(body)
            fieldWriter.add("content-length", decimal: UInt64(body.readableBytes))
        }
        request.outbound.isFinished = !isStreamed
        request.pulls = isStreamed
        let isTaken =
            isOpen
            && wire.session.submitRequest(
                request, head, fieldWriter, hasBody: isStreamed || request.unsentBytes > 0)
        if isTaken {
            wire.submitted()
        } else {
            // Not within the call that sends.
            eventLoop.assumeIsolated().execute { [self] in fail(request, .refused) }
        }
        return request
    }

    func corked(_ body: () -> Void) {
        wire.corked(body)
    }

    func outboundGrew(_ request: ClientRequest) {
        wire.session.resume(request)
        wire.submitted()
    }

    func consumed(_ request: ClientRequest, _ count: Int) {
        wire.session.consume(request, count)
        wire.submitted()
    }

    func reset(_ request: ClientRequest) {
        wire.session.reset(request, code: HTTP2Session.cancelled)
        wire.submitted()
    }

    func close() {
        isOpen = false
        wire.session.submitGoAway()
        wire.submitted()
    }

    /// Unchecked: every stream of the session was submitted in `send`.
    private func request(_ stream: MessageStream) -> ClientRequest {
        unsafeDowncast(stream, to: ClientRequest.self)
    }

    private func fail(_ request: ClientRequest, _ reason: ClientFailure) {
        guard let delegate = request.delegate else { return }
        request.delegate = nil
        request.outbound.removeAll()
        delegate.failed(request, reason)
        touch(delegate)
    }

    private func touch(_ delegate: any ClientDelegate) {
        if !touched.contains(where: { $0 === delegate }) { touched.append(delegate) }
    }
}

extension HTTP2ClientHandler: HTTP2SessionEvents {
    func makeStream() -> MessageStream {
        preconditionFailure("a server opens a stream, although push is disabled")
    }

    func head(_ stream: MessageStream) {
        let request = request(stream)
        guard request.status >= 200 else { return request.forgetHead() }
        request.hasPeerHead = true
        guard let delegate = request.delegate else { return }
        touch(delegate)
        delegate.head(request)
    }

    func data(_ stream: MessageStream, _ bytes: UnsafeRawBufferPointer) {
        let request = request(stream)
        guard let delegate = request.delegate else { return }
        touch(delegate)
        delegate.body(request, bytes)
    }

    func end(_ stream: MessageStream) {
        let request = request(stream)
        guard let delegate = request.delegate else { return }
        request.delegate = nil
        if !request.outbound.isFinished || request.unsentBytes > 0 {
            // The server has answered and wants nothing more of the body.
            request.outbound.removeAll()
            request.outbound.isFinished = true
            reset(request)
        }
        touch(delegate)
        delegate.end(request)
    }

    func closed(_ stream: MessageStream, code: UInt32) {
        fail(request(stream), code == HTTP2Session.refused ? .refused : .reset(code: code))
    }

    func recycle(_ stream: MessageStream) {}

    func drained(_ stream: MessageStream) {
        let request = request(stream)
        request.delegate?.wantsBody(request)
    }

    func headAbandoned() {}

    func resetSent() {}

    func brokenOff() {}

    func goAwayReceived() {
        isOpen = false
    }
}
