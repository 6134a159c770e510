internal import NIOCore

extension HTTP1ConnectionHandler: Watched {
    func look(at now: NIODeadline) {
        guard let context else { return }
        let hasUnsent = !context.channel.isWritable || (current?.unsentBytes ?? 0) > 0
        let limit =
            pace.crossed(
                ConnectionPace.State(
                    isIdle: current == nil && waiting.isEmpty && !isClosing && !isWithinHead,
                    isWithinHead: isWithinHead, begun: heads, hasUnsent: hasUnsent,
                    takenBytes: sentBytes - context.bufferedBytes, isClosing: isClosing), limits,
                at: now)
            ?? current.flatMap { exchange in
                exchange.patience.crossed(exchange, isBlocked: false, limits, at: now)
            }
        guard let limit else { return }
        oversight.meter.count(limit)
        isClosing = true
        if limit == .readRate || limit == .stallTime { context.abandonOutput() }
        context.close(promise: nil)
    }
}
