package import NIOCore

/// Every limit of the transport, in one place. Sizes are bytes.
package struct TransportLimits: Sendable {
    // MARK: Connections

    /// Connections in all; further ones are closed at once.
    package var connections = 16_384
    /// Connections from one IPv4 address, or one IPv6 network of 64 bits.
    package var connectionsPerAddress = 4_096
    /// How long a client may take until its protocol is known: the TLS handshake, then the first
    /// bytes.
    package var handshakeTime = TimeAmount.seconds(10)
    /// How long a client may take for the head of a request, or an HTTP/2 frame outside of bodies,
    /// from its first byte on.
    package var headTime = TimeAmount.seconds(10)
    /// How long a connection may be without a request.
    package var idleTime = TimeAmount.seconds(120)
    /// How long a stream of lines may be without a byte in either direction.
    package var streamIdleTime = TimeAmount.hours(1)

    // MARK: Requests

    /// Streams that one HTTP/2 connection may have open (SETTINGS_MAX_CONCURRENT_STREAMS).
    package var concurrentStreams = 256
    /// Names and values of all fields of a request, with 32 bytes for each field as RFC 9113
    /// counts.
    package var headerBytes = 16 << 10
    /// Fields of a request, pseudo-header fields included.
    package var headerFields = 64
    /// CONTINUATION frames of one header block: with `headerBytes` nobody needs any.
    package var continuationFrames = 8
    /// Body bytes of one request that may be on their way or not yet applied: the HTTP/2 window of
    /// a stream, and what HTTP/1.1 reads ahead.
    package var streamWindow = 1 << 20
    /// The same of all requests of a connection: its HTTP/2 window.
    package var heldBytes = 16 << 20
    /// The least rate, in bytes a second, of a body that is waited for.
    package var bodyRate = 1024
    /// The least rate, in bytes a second, at which a connection takes what it asked for.
    package var readRate = 1024
    /// How long a body may be slower.
    package var bodyGrace = TimeAmount.seconds(10)
    /// How long a client may take less than `readRate`, or keep the window of a stream closed that
    /// has something to send.
    package var stallTime = TimeAmount.seconds(30)

    // MARK: What a client may cause

    /// Streams of a connection that end otherwise than well: reset by the client, or for what it
    /// sent; a head that is refused for its size counts ten times.
    package var streamErrors = EventBudget.Size(burst: 500, perSecond: 100)
    /// PING, SETTINGS, PRIORITY, WINDOW_UPDATE, empty DATA, unknown frames and the like. Requests and
    /// answers refill it.
    package var controlFrames = EventBudget.Size(burst: 2_000, perSecond: 200)

    // MARK: The wire

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
    /// The time between the notice of a shutdown and the final GOAWAY: requests that were on their
    /// way when the notice left still arrive.
    package var shutdownNotice = TimeAmount.milliseconds(100)
    /// How often it is looked whether clients keep to the limits of time.
    package var look = TimeAmount.milliseconds(250)

    package init() {}
}
