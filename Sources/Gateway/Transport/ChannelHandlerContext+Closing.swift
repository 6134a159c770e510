internal import Glibc
internal import NIOCore

extension ChannelHandlerContext {
    /// Ends output when all of it is out, then waits for the peer to close, and closes after
    /// `linger` anyway: closing at once, with bytes of the peer unread, makes the kernel send a
    /// reset that can overtake our last ones. Handlers behind this one have no say in it.
    ///
    /// - Parameter last: the last message, which may be empty, in the form that the handlers before this one
    ///   take.
    func closeAfterOutput(writing last: NIOAny, linger: TimeAmount) {
        writeAndFlush(last).assumeIsolated().whenComplete { _ in
            self.close(mode: .output).assumeIsolated().whenComplete { _ in
                self.eventLoop.assumeIsolated().scheduleTask(in: linger) {
                    self.close(promise: nil)
                }
            }
        }
    }

    /// Closing resets the connection: the kernel keeps nothing for a peer that does not read.
    func abandonOutput() {
        // Only spares the kernel's memory: whether it succeeds is not waited for.
        _ = (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
    }
}
