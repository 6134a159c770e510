package import NIOCore

/// What is known of the pace of one connection. The time comes from outside.
package struct ConnectionPace: Sendable {
    /// How a connection is when it is looked at.
    package struct State: Sendable {
        /// There is no request.
        package var isIdle: Bool
        /// A head, or an HTTP/2 frame outside of bodies, was begun and is not complete.
        package var isWithinHead: Bool
        /// What was begun so far, counted: requests, or HTTP/2 frames.
        package var begun: Int
        /// The client has not taken everything that there is for it.
        package var hasUnsent: Bool
        /// Bytes that the client has taken so far.
        package var takenBytes: Int
        /// Only the last bytes have to leave.
        package var isClosing: Bool

        package init(
            isIdle: Bool, isWithinHead: Bool, begun: Int, hasUnsent: Bool, takenBytes: Int,
            isClosing: Bool
        ) {
            self.isIdle = isIdle
            self.isWithinHead = isWithinHead
            self.begun = begun
            self.hasUnsent = hasUnsent
            self.takenBytes = takenBytes
            self.isClosing = isClosing
        }
    }

    private var idle = Standstill()
    private var head = Standstill()
    private var closing = Standstill()
    private var reading = SlowFlow()

    package init() {}

    /// - Returns: the limit that the client has crossed.
    package mutating func crossed(
        _ state: State, _ limits: TransportLimits, at now: NIODeadline
    ) -> Limit? {
        if head.length(state.isWithinHead, at: state.begun, now) >= limits.headTime {
            return .headTime
        }
        let isSlow = reading.isTooSlow(
            state.hasUnsent, state.takenBytes, rate: limits.readRate, grace: limits.stallTime,
            at: now)
        if isSlow { return .readRate }
        if closing.length(state.isClosing, at: 0, now) >= limits.stallTime { return .stallTime }
        return idle.length(state.isIdle, at: state.begun, now) >= limits.idleTime ? .idleTime : nil
    }
}
