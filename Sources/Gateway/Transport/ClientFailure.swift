/// Why a request has no complete response.
package enum ClientFailure: Error, Equatable {
    /// RST_STREAM with this code (RFC 9113, 7).
    case reset(code: UInt32)
    /// The server has not looked at the request: it may be sent again.
    case refused
    case connectionLost
}
