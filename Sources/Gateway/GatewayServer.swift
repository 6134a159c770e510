package import Logging
import NIOCore
public import TallyActors

/// The service on a port: HTTP/2 and HTTP/1.1, to the contract.
///
/// It listens before there is a service, so that whoever watches the start can see how far it is.
public final class GatewayServer: Sendable {
    private let stage: ServerStage
    private let server: HTTPServer
    private let audit: AuditLog
    private let limits: RequestLimits
    private let meter = LimitMeter()
    private let logger: Logger

    /// - Parameters:
    ///   - port: 0 takes a free one.
    ///   - tls: nil serves in the clear; its certificate may be replaced while it serves.
    ///   - access: who may do what; may change while it serves.
    ///   - origins: where requests without a credential may come from, and pages of other origins.
    ///   - limits: of connections and of requests.
    ///   - progress: told by whoever recovers the service.
    package init(
        host: String, port: Int, tls: TLSIdentity?, eventLoops: Int, version: String,
        access: AccessControl, origins: OriginRule, audit: AuditLog,
        limits: ServerLimits = ServerLimits(), progress: RecoveryProgress, logger: Logger
    ) {
        let stage = ServerStage(
            version: version, access: access, origins: origins, progress: progress)
        self.audit = audit
        self.limits = limits.requests
        self.stage = stage
        self.logger = logger
        var configuration = HTTPServerConfiguration()
        configuration.host = host
        configuration.port = port
        configuration.tls = tls
        configuration.limits = limits.transport
        configuration.eventLoops = eventLoops
        server = HTTPServer(configuration: configuration, logger: logger, meter: meter) {
            connection in
            if let context = stage.context {
                return GatewayResponder(connection: connection, context: context)
            }
            return StartingResponder(connection: connection, stage: stage)
        }
    }

    /// From now on requests are answered by the service. Once.
    public func serve(_ service: TallyService) {
        stage.serve(
            GatewayContext(
                service: service, version: stage.version, logger: logger, access: stage.access,
                origins: stage.origins, audit: audit, limits: limits, meter: meter,
                connections: { [server] in server.connections }))
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
        stage.context?.drain()
        await server.drain(gracePeriod: .seconds(gracePeriod))
    }
}
