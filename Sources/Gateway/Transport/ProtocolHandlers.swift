internal import NIOCore
internal import NIOHTTP1

/// Gives a connection the handlers of its protocol, once it is known.
struct ProtocolHandlers {
    typealias Position = ChannelPipeline.SynchronousOperations.Position

    let oversight: Oversight
    let makeResponder: (any HTTPConnection) -> any RequestResponder

    func addHTTP2(_ context: ChannelHandlerContext, _ position: Position) throws {
        try context.pipeline.syncOperations.addHandler(
            HTTP2ConnectionHandler(
                channel: context.channel, oversight: oversight, makeResponder: makeResponder),
            position: position)
    }

    func addHTTP1(_ context: ChannelHandlerContext, _ position: Position) throws {
        let limits = oversight.limits
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
                    channel: context.channel, oversight: oversight, makeResponder: makeResponder),
            ], position: position)
    }
}
