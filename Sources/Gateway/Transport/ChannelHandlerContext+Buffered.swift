internal import NIOCore

extension ChannelHandlerContext {
    /// Bytes that were written to the channel and that the socket has not taken.
    var bufferedBytes: Int {
        // Every channel of a socket has the option; another one buffers nothing that is waited for.
        (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }
}
