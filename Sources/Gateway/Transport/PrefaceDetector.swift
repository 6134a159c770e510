internal import NIOCore
internal import NIOHTTP1

/// Chooses the protocol of a connection by its first bytes: HTTP/2's preface, known to the client
/// in advance, or anything else, which HTTP/1.1 judges. Behind TLS the choice comes from ALPN, and
/// this handler is not used.
final class PrefaceDetector: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// What no HTTP/1.1 request begins with. The rest of the preface is for the session to check.
    private static let preface: StaticString = "PRI * HTTP/2.0\r\n"

    private let limits: TransportLimits
    private let makeResponder: (any HTTPConnection) -> any RequestResponder
    private var first = ByteBuffer()

    init(
        limits: TransportLimits,
        makeResponder: @escaping (any HTTPConnection) -> any RequestResponder
    ) {
        self.limits = limits
        self.makeResponder = makeResponder
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
            try isPreface ? addHTTP2(context) : addHTTP1(context)
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

    private func addHTTP2(_ context: ChannelHandlerContext) throws {
        try context.pipeline.syncOperations.addHandler(
            HTTP2ConnectionHandler(
                channel: context.channel, limits: limits, makeResponder: makeResponder),
            position: .after(self))
    }

    private func addHTTP1(_ context: ChannelHandlerContext) throws {
        // The decoder's limits bound what it keeps; the exact ones are counted as for HTTP/2.
        var decoderLimits = NIOHTTPDecoderLimitConfiguration()
        decoderLimits.maxHeaderFieldSize = limits.headerBytes
        decoderLimits.maxHeaderListSize = limits.headerBytes
        decoderLimits.maxHeaderFieldCount = limits.headerFields
        let decoder = HTTPRequestDecoder(limitConfiguration: decoderLimits)
        var framing = HTTPResponseEncoder.Configuration()
        framing.automaticallySetFramingHeaders = false
        try context.pipeline.syncOperations.addHandlers(
            [
                HTTPResponseEncoder(configuration: framing), ByteToMessageHandler(decoder),
                HTTP1ConnectionHandler(
                    channel: context.channel, limits: limits, makeResponder: makeResponder),
            ], position: .after(self))
    }
}
