package import NIOCore

/// Every limit of the transport, in one place. Sizes are bytes.
package struct TransportLimits: Sendable {
    /// Streams that one HTTP/2 connection may have open (SETTINGS_MAX_CONCURRENT_STREAMS).
    package var concurrentStreams = 256
    /// Body bytes of one request that may be on their way or not yet applied: the HTTP/2 window of
    /// a stream, and what HTTP/1.1 reads ahead.
    package var streamWindow = 1 << 20
    /// The HTTP/2 window of a connection. It reopens on receipt, so it bounds only what is in
    /// flight.
    package var connectionWindow = 16 << 20
    /// Names and values of all fields of a request, with 32 bytes for each field as RFC 9113
    /// counts.
    package var headerBytes = 16 << 10
    /// Fields of a request, pseudo-header fields included.
    package var headerFields = 64
    /// Output is assembled in pieces of about this size, one write each.
    package var outputPiece = 256 << 10
    /// The socket is given no more while this much waits for it, until it is down to a half.
    package var socketBacklog = 512 << 10
    /// What is left of an HTTP/1.1 request body, whose answer is already complete, is read and
    /// dropped up to this size; beyond it the connection closes.
    package var discardedBody = 64 << 10
    /// How long an HTTP/2 client may go on with a request that is already answered, before it is
    /// reset; and how long a connection that has sent its last byte waits for the client to close.
    /// Closing at once would make the kernel send a reset that can overtake the last answers.
    package var linger = TimeAmount.seconds(1)
    /// How long a client may take for the TLS handshake.
    package var handshake = TimeAmount.seconds(10)
    /// The time between the notice of a shutdown and the final GOAWAY: requests that were on their
    /// way when the notice left still arrive.
    package var shutdownNotice = TimeAmount.milliseconds(100)

    package init() {}
}
