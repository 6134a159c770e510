internal import NIOSSL

/// Why a client and a server did not come to terms over TLS.
package enum HandshakeFailure: Error, Equatable, CustomStringConvertible {
    case untrusted
    /// The certificate is trusted, but for other hosts.
    case otherHost
    case noTLS
    case noHTTP2
    case timeout
    /// In the words of the library.
    case other(String)

    init(_ error: any Error) {
        if let failure = error as? HandshakeFailure {
            self = failure
            return
        }
        // The library tells its reasons in text only, but for that one.
        let text = "\(error)"
        if let extra = error as? NIOSSLExtraError, extra == .failedToValidateHostname {
            self = .otherHost
        } else if text.contains("CERTIFICATE_VERIFY_FAILED") {
            self = .untrusted
        } else if text.contains("WRONG_VERSION_NUMBER") {
            self = .noTLS
        } else if text.contains("NO_APPLICATION_PROTOCOL") {
            self = .noHTTP2
        } else {
            self = .other(text)
        }
    }

    package var description: String {
        switch self {
        case .untrusted:
            "its certificate is not trusted: nobody vouches for it who is, or it is not valid now"
        case .otherHost: "its certificate is for another host"
        case .noTLS: "it does not speak TLS"
        case .noHTTP2: "it does not speak HTTP/2 over TLS"
        case .timeout: "it does not finish the TLS handshake"
        case .other(let text): "the TLS handshake fails: \(text)"
        }
    }
}
