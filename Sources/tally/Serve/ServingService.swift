import Foundation
import Gateway
import Logging
import ServiceLifecycle
import TallyActors

/// The running server as the lifecycle sees it: starts, says so, runs until it is told to stop, then
/// drains. Signals are already listened to when it says that it serves.
struct ServingService: Service {
    /// Seconds that connections have to take their last lines.
    static let gracePeriod: Int64 = 10

    let server: GatewayServer
    let service: TallyService
    let address: ListenAddress
    let logger: Logger

    func run() async throws {
        let port: Int
        do {
            port = try await server.start()
        } catch {
            await service.shutdown()
            throw error
        }
        // Written as it is, not buffered: somebody waits for this line.
        let line = "listening on http://\(address.urlHost):\(port)\n"
        try FileHandle.standardOutput.write(contentsOf: Data(line.utf8))
        try? await gracefulShutdown()
        logger.info("draining")
        await server.drain(gracePeriod: Self.gracePeriod)
        await service.shutdown()
        logger.info("stopped", metadata: ["position": "\(service.status.position)"])
    }
}
