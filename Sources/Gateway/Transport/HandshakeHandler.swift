internal import NIOCore
internal import NIOTLS

/// Waits a bounded time for the end of a TLS handshake, then gives the connection the handlers of the
/// protocol that was negotiated by ALPN.
final class HandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let protocols: ProtocolHandlers
    private var deadline: ProtocolDeadline?

    init(_ protocols: ProtocolHandlers) {
        self.protocols = protocols
    }

    func handlerAdded(context: ChannelHandlerContext) {
        deadline = ProtocolDeadline(context, protocols.oversight)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.end()
        deadline = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case TLSUserEvent.handshakeCompleted(let negotiated): begin(context, negotiated)
        // Nothing was asked yet.
        case is ConnectionDrain, ChannelEvent.inputClosed: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Not TLS, no common version, a certificate that is missing: the client's business.
        context.close(promise: nil)
    }

    private func begin(_ context: ChannelHandlerContext, _ negotiated: String?) {
        do {
            switch negotiated {
            case TLSIdentity.http2: try protocols.addHTTP2(context, .after(self))
            case TLSIdentity.http1: try protocols.addHTTP1(context, .after(self))
            default:
                try context.pipeline.syncOperations.addHandler(
                    PrefaceDetector(protocols), position: .after(self))
            }
        } catch {
            context.close(promise: nil)
            return
        }
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }
}
