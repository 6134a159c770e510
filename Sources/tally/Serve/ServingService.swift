import Foundation
import Gateway
import Logging
import Persistence
import ServiceLifecycle
import TallyActors

/// The running server as the lifecycle sees it: listens, recovers, says that it serves, runs until it is
/// told to stop, then drains. Signals are listened to from the beginning.
struct ServingService: Service {
    /// Seconds that connections have to take their last lines.
    static let gracePeriod: Int64 = 10

    /// The data directory cannot be served.
    struct UnfitData: Error {
        var reason: any Error
    }

    let server: GatewayServer
    let data: String
    let progress: RecoveryProgress
    let address: ListenAddress
    let scheme: String
    let audit: AuditLog
    let logger: Logger

    func run() async throws {
        let port = try await server.start()
        let service = try await recover()
        server.serve(service)
        // Written as it is, not buffered: somebody waits for this line.
        let line = "listening on \(scheme)://\(address.urlHost):\(port)\n"
        try FileHandle.standardOutput.write(contentsOf: Data(line.utf8))
        try? await gracefulShutdown()
        logger.info("draining")
        await server.drain(gracePeriod: Self.gracePeriod)
        await service.shutdown()
        try? await blocking { [audit] in audit.flush() }
        logger.info("stopped", metadata: ["position": "\(service.status.position)"])
    }

    private func recover() async throws -> TallyService {
        try await withGracefulShutdownHandler {
            do {
                return try await blocking { [data, progress, logger] in
                    try ServiceStart.open(data: data, progress: progress, logger: logger)
                }
            } catch {
                throw UnfitData(reason: error)
            }
        } onGracefulShutdown: { [progress, logger] in
            // Nobody was served yet, and a recovery that is broken off is begun anew.
            logger.info(
                "stopped while recovering", metadata: ["position": "\(progress.position)"])
            exit(0)
        }
    }
}
