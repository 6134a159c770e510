import ArgumentParser
import Foundation
import Gateway
import Logging
import Persistence
import ServiceLifecycle
import TallyActors

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve votes, deletions and tallies over HTTP/2 and HTTP/1.1.",
        usage: "tally serve [--data DIR] [--listen HOST:PORT] [OPTIONS]",
        discussion: """
            Prints one line when it is ready: listening on http://127.0.0.1:8080
            (with TLS, https://…).
            SIGTERM and SIGINT drain: streams get their last lines, then it exits with 0.
            """)

    @Option(help: "The data directory; made when it is missing.")
    var data = "./tally-data"

    @Option(help: "The address to listen on, HOST:PORT; port 0 takes a free one.")
    var listen = ListenAddress(host: "127.0.0.1", port: 8080)

    @OptionGroup(title: "TLS")
    var tls: TLSOptions

    @OptionGroup(title: "Identities")
    var identities: IdentityOptions

    @OptionGroup(title: "Limits")
    var limitOptions: LimitOptions

    func run() async throws {
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        let logger = Logger(label: "tally")
        let progress = RecoveryProgress()
        var limits = try limitOptions.limits()
        OpenFiles.makeRoom(for: &limits, logger: logger)
        let certificates = try await tls.watch(limits: limits.transport, logger: logger)
        let credentials = try await identities.credentials(
            data: data, listen: listen, hasTLS: certificates != nil, logger: logger)
        let audit = AuditLog(clock: SystemClock(), logger: logger) { [data] lines in
            try SideFiles(path: data, createIfMissing: false).appendToAuditLog(lines)
        }
        let server = GatewayServer(
            host: listen.host, port: listen.port, tls: certificates?.identity,
            eventLoops: ServiceStart.cores, version: Tally.version, access: credentials.access,
            origins: OriginRule(
                isLoopback: listen.isLoopback, hasTLS: certificates != nil,
                allowed: AllowedOrigins(identities.allowOrigin)),
            audit: audit, limits: limits, progress: progress, logger: logger)
        var services: [any Service] = [credentials]
        if let certificates { services.append(certificates) }
        services.append(
            ServingService(
                server: server, data: data, progress: progress, address: listen,
                scheme: certificates == nil ? "http" : "https", audit: audit, logger: logger))
        let group = ServiceGroup(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        do {
            try await group.run()
        } catch let unfit as ServingService.UnfitData {
            logger.critical(
                "the data directory cannot be served", metadata: ["reason": "\(unfit.reason)"])
            throw ExitCode(ServiceStart.exitCode)
        } catch {
            logger.critical(
                "the server cannot go on",
                metadata: ["address": "\(listen.description)", "reason": "\(error)"])
            throw ExitCode(ServiceStart.exitCode)
        }
    }
}
