package import Gateway

/// Why a run could not be brought to its end.
package enum LoadFailure: Error, Equatable, CustomStringConvertible {
    case unreachable(ServerAddress, reason: String)
    /// The server did not come to terms over TLS.
    case handshake(ServerAddress, HandshakeFailure)
    /// An answer other than a good one; `code` is the last part of the problem's type.
    case rejected(what: String, status: Int, code: String, detail: String)
    /// The consultation that the run wants to create.
    case exists(consultation: String)
    case connectionLost(ServerAddress)
    /// The server gave a stream up with this code.
    case streamEnded(code: String)
    /// The answer of the server could not be understood.
    case notUnderstood(what: String)
    /// A single request was not answered in time.
    case noAnswer(ServerAddress, seconds: Int)
    /// Nothing was acknowledged for so many seconds.
    case stalled(seconds: Int)

    package var description: String {
        switch self {
        case .unreachable(let address, let reason):
            "\(address) cannot be reached (\(reason)); a server starts with: tally serve"
        case .handshake(let address, let failure):
            failure == .untrusted
                ? "\(address): \(failure); --ca names a file of authorities to trust"
                : "\(address): \(failure)"
        case .rejected(let what, let status, let code, let detail):
            "\(what) was answered \(status) \(code)\(detail.isEmpty ? "" : ": \(detail)")"
        case .exists(let consultation):
            """
            the consultation \(consultation) exists already, so that its count would not be this \
            run's alone: choose another --consultation or --seed
            """
        case .connectionLost(let address):
            "the connection to \(address) was lost"
        case .streamEnded(let code):
            "the server ended a stream early: \(code)"
        case .notUnderstood(let what):
            "\(what) is not what Tally answers"
        case .noAnswer(let address, let seconds):
            "\(address) has not answered within \(seconds) s"
        case .stalled(let seconds):
            "the server has acknowledged nothing for \(seconds) s"
        }
    }
}
