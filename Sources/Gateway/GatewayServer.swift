public import Logging
import NIOCore
public import TallyActors

/// The service on a port: HTTP/2 and HTTP/1.1, to the contract.
public final class GatewayServer: Sendable {
    private let context: GatewayContext
    private let server: HTTPServer

    /// - Parameters:
    ///   - port: 0 takes a free one.
    ///   - allowsOnlyLoopback: refuse foreign `Host` and `Origin` fields as `forbidden`.
    public init(
        service: TallyService, host: String, port: Int, eventLoops: Int, version: String,
        allowsOnlyLoopback: Bool, logger: Logger
    ) {
        let context = GatewayContext(
            service: service, version: version, logger: logger,
            allowsOnlyLoopback: allowsOnlyLoopback)
        self.context = context
        var configuration = HTTPServerConfiguration()
        configuration.host = host
        configuration.port = port
        configuration.eventLoops = eventLoops
        server = HTTPServer(configuration: configuration, logger: logger) { connection in
            GatewayResponder(connection: connection, context: context)
        }
    }

    /// - Returns: the port that it listens on.
    public func start() async throws -> Int {
        let address = try await server.start()
        guard let port = address.port else { preconditionFailure("an address without a port") }
        return port
    }

    /// Gives streams their last lines, answers what was taken, and closes; within the grace
    /// period, in seconds.
    public func drain(gracePeriod: Int64) async {
        context.drain()
        await server.drain(gracePeriod: .seconds(gracePeriod))
    }
}
