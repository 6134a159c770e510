internal import NIOCore

/// The time until the protocol of a connection is known, for the handler that finds it out.
final class ProtocolDeadline: Watched {
    private let oversight: Oversight
    private let context: ChannelHandlerContext
    private var wait = Standstill()

    /// Begins.
    init(_ context: ChannelHandlerContext, _ oversight: Oversight) {
        self.context = context
        self.oversight = oversight
        oversight.watch.add(self)
    }

    func end() { oversight.watch.remove(self) }

    func look(at now: NIODeadline) {
        guard wait.length(true, at: 0, now) >= oversight.limits.handshakeTime else { return }
        oversight.meter.count(.handshakeTime)
        context.close(promise: nil)
    }
}
