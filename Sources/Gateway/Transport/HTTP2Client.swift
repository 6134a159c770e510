package import NIOCore
internal import NIOPosix

/// One HTTP/2 connection to a server: over TLS, or in the clear with prior knowledge. Confined to its event
/// loop.
package final class HTTP2Client {
    private let handler: HTTP2ClientHandler

    private init(handler: HTTP2ClientHandler) {
        self.handler = handler
    }

    /// Connects. `body` is called on `eventLoop`; a TLS handshake that fails is a `HandshakeFailure`.
    package static func connect(
        host: String, port: Int, on eventLoop: any EventLoop,
        configuration: HTTP2ClientConfiguration = HTTP2ClientConfiguration(),
        _ body: @escaping @Sendable (Result<HTTP2Client, any Error>) -> Void
    ) {
        let limits = configuration.limits
        ClientBootstrap(group: eventLoop)
            .connectTimeout(configuration.connectTimeout)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelOption(
                .writeBufferWaterMark,
                value: ChannelOptions.Types.WriteBufferWaterMark(
                    low: limits.socketBacklog / 2, high: limits.socketBacklog)
            )
            .channelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(
                    minimum: 4 << 10, initial: 16 << 10, maximum: 256 << 10)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard configuration.trust == nil else { return }
                    try channel.pipeline.syncOperations.addHandler(
                        HTTP2ClientHandler(
                            eventLoop: channel.eventLoop, configuration: configuration))
                }
            }
            .connect(host: host, port: port)
            .hop(to: eventLoop)
            .flatMap { channel in
                guard let trust = configuration.trust else {
                    return channel.eventLoop.makeSucceededFuture(channel)
                }
                return secure(channel, host: host, trust, configuration)
            }
            .whenComplete { result in
                body(
                    Result {
                        HTTP2Client(
                            handler: try result.get().pipeline.syncOperations.handler(
                                type: HTTP2ClientHandler.self))
                    })
            }
    }

    /// Only when the connection is there, so that nobody can miss how its handshake ends; the server says
    /// nothing before we do.
    private static func secure(
        _ channel: any Channel, host: String, _ trust: TLSTrust,
        _ configuration: HTTP2ClientConfiguration
    ) -> EventLoopFuture<any Channel> {
        let handshake = ClientHandshakeHandler(
            HTTP2ClientHandler(eventLoop: channel.eventLoop, configuration: configuration),
            timeout: configuration.connectTimeout)
        do {
            try channel.pipeline.syncOperations.addHandlers(
                trust.makeHandler(host: host), handshake)
        } catch {
            handshake.isOver.fail(error)
            channel.close(promise: nil)
        }
        return handshake.isOver.futureResult.map { channel }
    }

    package var eventLoop: any EventLoop { handler.eventLoop }
    /// False after the server has said that it goes, and after the connection is closed.
    package var isOpen: Bool { handler.isOpen }
    package var openRequests: Int { handler.openRequests }
    /// The server's limit; requests beyond it wait in the session until others are over.
    package var maxConcurrentRequests: Int { handler.peerStreamLimit }
    /// Called once, when the connection is closed and all its requests are over.
    package var whenClosed: (() -> Void)? {
        get { handler.whenClosed }
        set { handler.whenClosed = newValue }
    }

    /// Sends a whole request. `path` is copied.
    @discardableResult
    package func send(
        _ head: RequestHead, path: UnsafeRawBufferPointer, body: ByteBuffer?,
        delegate: any ClientDelegate
    ) -> ClientRequest {
        handler.send(head, path: path, body: body, isStreamed: false, delegate: delegate)
    }

    @discardableResult
    package func send(
        _ head: RequestHead, path: String, body: ByteBuffer?, delegate: any ClientDelegate
    ) -> ClientRequest {
        var path = path
        return path.withUTF8 {
            send(head, path: UnsafeRawBufferPointer($0), body: body, delegate: delegate)
        }
    }

    /// Opens a request with a streamed body: the delegate is asked for it (`wantsBody`) as the
    /// server takes it.
    package func open(
        _ head: RequestHead, path: String, delegate: any ClientDelegate
    ) -> ClientRequest {
        var path = path
        return path.withUTF8 {
            handler.send(
                head, path: UnsafeRawBufferPointer($0), body: nil, isStreamed: true,
                delegate: delegate)
        }
    }

    /// What is sent inside goes out in one write.
    package func corked(_ body: () -> Void) {
        handler.corked(body)
    }

    /// Opens no further requests; the connection closes when the open ones are over.
    package func close() {
        handler.close()
    }
}
