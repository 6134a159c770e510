package import NIOCore

/// Every limit of what is done for requests, in one place; those of the transport are `TransportLimits`.
package struct RequestLimits: Sendable {
    /// Commands of single requests that may wait to become durable, of all connections; beyond it
    /// single requests are refused as `overloaded`.
    package var waitingCommands = 65_536
    /// How long a command of a connection may have waited when the connection is given another;
    /// beyond it requests are refused as `overloaded`.
    package var waitingTime = TimeAmount.seconds(1)
    /// Of one of the server's tokens, or of a platform's JWT; without a limit unless one is set.
    package var tokenRate = RequestRate(perSecond: 0, burst: 1_000)
    /// Of one JWT that a citizen holds.
    package var citizenRate = RequestRate(perSecond: 20, burst: 100)

    package init() {}
}
