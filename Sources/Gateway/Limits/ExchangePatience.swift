internal import NIOCore

/// What is known of the pace of one exchange.
struct ExchangePatience {
    private var body = SlowFlow()
    private var quiet = Standstill()
    private var blocked = Standstill()

    /// - Parameter isBlocked: the client keeps the exchange's window closed.
    /// - Returns: the limit that the client has crossed.
    mutating func crossed(
        _ exchange: Exchange, isBlocked: Bool, _ limits: TransportLimits, at now: NIODeadline
    ) -> Limit? {
        let awaitsBody = exchange.isBegun && exchange.isOpen && !exchange.requestEnded
        // Who takes bytes at its own pace is a stream, which may rest between its lines.
        let isSlow = body.isTooSlow(
            awaitsBody && !exchange.holdsWindow, exchange.receivedBytes, rate: limits.bodyRate,
            grace: limits.bodyGrace, at: now)
        if isSlow { return .bodyRate }
        // What is not applied yet is for the server to move.
        let rest = quiet.length(
            awaitsBody && exchange.holdsWindow && exchange.unconsumed == 0,
            at: exchange.receivedBytes &+ exchange.sentBytes, now)
        if rest >= limits.streamIdleTime { return .streamIdleTime }
        let stall = blocked.length(
            isBlocked && exchange.unsentBytes > 0, at: exchange.sentBytes, now)
        return stall >= limits.stallTime ? .stallTime : nil
    }
}
