internal import NIOCore

extension ChannelHandlerContext {
    /// Ends output when all of it is out, then waits for the peer to close, and closes after
    /// `linger` anyway: closing at once, with bytes of the peer unread, makes the kernel send a
    /// reset that can overtake our last ones.
    ///
    /// - Parameter nothing: an empty message in the form that the handlers before this one take.
    func closeAfterOutput(writing nothing: NIOAny, linger: TimeAmount) {
        let channel = channel
        writeAndFlush(nothing).whenComplete { _ in
            channel.close(mode: .output).whenComplete { _ in
                channel.eventLoop.scheduleTask(in: linger) { channel.close(promise: nil) }
            }
        }
    }
}
