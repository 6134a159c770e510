import Gateway
import Logging
import NIOCore

/// Runs `body` against a server on a free port, and drains the server afterwards unless `body`
/// does.
func withServer(
    eventLoops: Int = 1, drainsItself: Bool = false, limits: TransportLimits = TransportLimits(),
    tls: TLSIdentity? = nil,
    _ body: (_ port: Int, _ log: ResponderLog, _ server: HTTPServer) async throws -> Void
) async throws {
    let log = ResponderLog()
    var configuration = HTTPServerConfiguration(port: 0, eventLoops: eventLoops, limits: limits)
    configuration.tls = tls
    let server = HTTPServer(
        configuration: configuration, logger: Logger(label: "transport-tests")
    ) { RouteResponder(log: log, connection: $0) }
    guard let port = try await server.start().port else {
        preconditionFailure("a TCP address without a port")
    }
    do {
        try await body(port, log, server)
    } catch {
        if !drainsItself { await server.drain(gracePeriod: .zero) }
        throw error
    }
    if !drainsItself { await server.drain(gracePeriod: .milliseconds(200)) }
}
