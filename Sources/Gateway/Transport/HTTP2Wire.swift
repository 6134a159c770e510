internal import NIOCore

/// Carries the bytes between a session and its channel: everything that was submitted in one turn
/// of the event loop goes out in one write, nothing is assembled while the socket is backed up, and
/// the channel closes when the session has nothing more to say and the last byte is out.
final class HTTP2Wire {
    let session: HTTP2Session
    private let limits: TransportLimits
    private let scratch = OutputScratch.current
    private var context: ChannelHandlerContext?
    private var isReading = false
    private var corks = 0
    private var isFlushing = false
    private var isFlushScheduled = false
    private(set) var isClosing = false
    /// Bytes that were given to the channel.
    private(set) var sentBytes = 0

    init(
        role: HTTP2Session.Role, limits: TransportLimits, events: any HTTP2SessionEvents,
        context: ChannelHandlerContext
    ) throws {
        session = try HTTP2Session(role: role, limits: limits, events: events)
        self.limits = limits
        self.context = context
    }

    /// The channel is gone. Returns the streams that were open.
    func detach() -> [MessageStream] {
        context = nil
        return session.abandon()
    }

    // MARK: In

    func receive(_ bytes: ByteBuffer) {
        isReading = true
        do {
            try session.receive(bytes)
        } catch {
            // Memory is out, or nothing can be told to the peer; what was assembled before is still
            // sent.
            flush()
            cut()
        }
    }

    /// After the last `receive` of a read.
    func readComplete() {
        isReading = false
        flush()
    }

    // MARK: Out

    func corked(_ body: () -> Void) {
        corks += 1
        body()
        corks -= 1
        if corks == 0, !isReading { flush() }
    }

    /// Something was submitted: it goes out at the end of the turn.
    func submitted() {
        guard !isReading, corks == 0, !isFlushing, !isFlushScheduled, let context else { return }
        isFlushScheduled = true
        context.eventLoop.assumeIsolated().execute { [self] in
            isFlushScheduled = false
            flush()
        }
    }

    func flush() {
        guard !isFlushing, !isClosing, let context else { return }
        isFlushing = true
        do {
            var hasMore = true
            while hasMore, self.context != nil, context.channel.isWritable {
                var output = scratch.take()
                hasMore = try session.assemble(into: &output, limit: limits.outputPiece)
                sentBytes += output.count
                if output.count > 0 { output.writeAndFlush(to: context) }
                scratch.put(output)
                // Whoever is told that its bytes are out may have written more.
                if session.deliverDrained() { hasMore = true }
            }
        } catch {
            cut()
        }
        isFlushing = false
        if session.isFinished { closeAfterOutput() }
    }

    // MARK: The end

    private func closeAfterOutput() {
        guard !isClosing, let context else { return }
        isClosing = true
        context.closeAfterOutput(writing: NIOAny(ByteBuffer()), linger: limits.linger)
    }

    /// The client does too much: it is told so, if it listens.
    func calm() {
        session.submitCalm()
        flush()
        cut()
    }

    /// Closes in the next turn, so that nobody's call is interrupted by the consequences.
    func cut() {
        guard let context else { return }
        isClosing = true
        context.eventLoop.assumeIsolated().execute {
            context.close(promise: nil)
        }
    }
}
