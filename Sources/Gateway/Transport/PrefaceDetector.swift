internal import NIOCore

/// Chooses the protocol of a connection by its first bytes: HTTP/2's preface, known to the client
/// in advance, or anything else, which HTTP/1.1 judges. Behind TLS the choice comes from ALPN, and
/// this handler is used for clients that negotiate nothing.
final class PrefaceDetector: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// What no HTTP/1.1 request begins with. The rest of the preface is for the session to check.
    private static let preface: StaticString = "PRI * HTTP/2.0\r\n"

    private let protocols: ProtocolHandlers
    private var first = ByteBuffer()
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

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if first.readableBytes == 0 {
            first = bytes
        } else {
            first.writeBuffer(&bytes)
        }
        let known = min(first.readableBytes, Self.preface.utf8CodeUnitCount)
        let isPreface = first.withUnsafeReadableBytes { raw in
            zip(
                raw.prefix(known),
                UnsafeRawBufferPointer(start: Self.preface.utf8Start, count: known)
            )
            .allSatisfy { $0 == $1 }
        }
        if isPreface, known < Self.preface.utf8CodeUnitCount { return }
        do {
            if isPreface {
                try protocols.addHTTP2(context, .after(self))
            } else {
                try protocols.addHTTP1(context, .after(self))
            }
        } catch {
            context.fireErrorCaught(error)
            context.close(promise: nil)
            return
        }
        context.fireChannelRead(wrapInboundOut(first))
        first = ByteBuffer()
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        // Nothing was asked yet.
        case is ConnectionDrain, ChannelEvent.inputClosed: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
