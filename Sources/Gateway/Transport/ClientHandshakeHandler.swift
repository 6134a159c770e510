internal import NIOCore
internal import NIOTLS

/// Waits a bounded time for a TLS handshake in which the server agrees to HTTP/2, then gives the connection
/// its handler.
final class ClientHandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    /// Fails with a `HandshakeFailure`.
    let isOver: EventLoopPromise<Void>
    private let handler: HTTP2ClientHandler
    private let timeout: TimeAmount
    private var deadline: Scheduled<Void>?

    init(_ handler: HTTP2ClientHandler, timeout: TimeAmount) {
        self.handler = handler
        self.timeout = timeout
        isOver = handler.eventLoop.makePromise()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) {
            self.give(up: .timeout, context)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        // Does nothing when it is over: the connection was closed before that.
        isOver.fail(HandshakeFailure.other("the connection is closed"))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSUserEvent.handshakeCompleted(let negotiated) = event else {
            return context.fireUserInboundEventTriggered(event)
        }
        guard negotiated == TLSIdentity.http2 else { return give(up: .noHTTP2, context) }
        do {
            try context.pipeline.syncOperations.addHandler(handler, position: .after(self))
        } catch {
            return give(up: HandshakeFailure(error), context)
        }
        isOver.succeed()
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        give(up: HandshakeFailure(error), context)
    }

    private func give(up failure: HandshakeFailure, _ context: ChannelHandlerContext) {
        isOver.fail(failure)
        context.close(promise: nil)
    }
}
