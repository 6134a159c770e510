internal import NIOCore

/// Stands before TLS, and tells a client that speaks HTTP in the clear what the port wants, instead of
/// closing it without a word. The answer is HTTP/1.1, which people read also when they sent HTTP/2.
///
/// One byte decides: a method and the preface of HTTP/2 begin with a capital letter, no record of TLS does
/// (RFC 8446, 5.1). Whatever else is no TLS is for the handshake to refuse.
final class CleartextDetector: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let answer = {
        let problem = ProblemDetails.cleartext
        let body = problem.json()
        var answer = ByteBuffer(
            string: """
                HTTP/1.1 \(problem.status) Bad Request\r
                content-type: application/problem+json\r
                content-length: \(body.readableBytes)\r
                connection: close\r
                \r

                """)
        answer.writeImmutableBuffer(body)
        return answer
    }()

    private let limits: TransportLimits
    private var isRefused = false

    init(limits: TransportLimits) {
        self.limits = limits
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // What follows the refusal is read, so that the answer arrives, and dropped.
        if isRefused { return }
        let first = unwrapInboundIn(data).readableBytesView.first
        guard let first, (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first) else {
            context.fireChannelRead(data)
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
            return
        }
        isRefused = true
        context.closeAfterOutput(writing: wrapOutboundOut(Self.answer), linger: limits.linger)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // The refused client has gone; TLS need not hear of it.
        if isRefused, case ChannelEvent.inputClosed = event { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }
}
