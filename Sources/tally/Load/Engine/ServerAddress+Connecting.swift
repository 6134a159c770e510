import Gateway
import NIOCore

extension ServerAddress {
    /// How long a connection may take to come about, and how long its TLS handshake.
    private static let connectTimeout = TimeAmount.seconds(5)

    /// Connects. `body` is called on the event loop with the connection.
    func connect<Value: Sendable>(
        on eventLoop: any EventLoop, keepsFields: Bool = false,
        _ body: @escaping @Sendable (HTTP2Client) -> Value
    ) async throws -> Value {
        precondition(!isSecure || trust != nil, "nobody has said who may vouch for \(self)")
        return try await withCheckedThrowingContinuation { continuation in
            HTTP2Client.connect(
                host: host, port: port, on: eventLoop,
                configuration: HTTP2ClientConfiguration(
                    connectTimeout: Self.connectTimeout, trust: trust,
                    keepsFields: keepsFields)
            ) { result in
                switch result {
                case .success(let client):
                    continuation.resume(returning: body(client))
                case .failure(let failure as HandshakeFailure):
                    continuation.resume(throwing: LoadFailure.handshake(self, failure))
                case .failure(let error):
                    continuation.resume(
                        throwing: LoadFailure.unreachable(self, reason: Self.reason(error)))
                }
            }
        }
    }

    /// The cause in a few words, out of an error that lists every attempt.
    private static func reason(_ error: any Error) -> String {
        let text = "\(error)"
        if text.contains("refused") { return "connection refused" }
        if text.contains("timeout") || text.contains("Timeout") { return "no answer" }
        if text.contains("UnknownHost") { return "unknown host" }
        return text
    }
}
