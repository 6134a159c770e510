import Foundation
import Logging
import Persistence
import TallyActors

/// How the executable cuts the service to this machine.
enum ServiceStart {
    /// What the process exits with when it cannot serve, or must not go on.
    static let exitCode: Int32 = 70

    static var cores: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

    /// Counting is little work beside judging votes: half as many actors, measured to serve single
    /// votes 8 % faster on two cores than as many.
    static var configuration: ServiceConfiguration {
        ServiceConfiguration(
            ballotShards: min(cores, 256), tallyShards: min(max(1, cores / 2), 256))
    }

    /// Blocks while recovering.
    static func open(
        data: String, progress: RecoveryProgress, logger: Logger
    ) throws -> TallyService {
        let storage = try FileStorage(path: data)
        let service = try TallyService.open(
            storage: storage, clock: SystemClock(), configuration: configuration, logger: logger,
            progress: progress
        ) { fault in
            // Nothing may be acknowledged any more, and nothing tried again.
            logger.critical("a write failed: stopping", metadata: ["reason": "\(fault)"])
            exit(exitCode)
        }
        logger.info(
            "recovered",
            metadata: [
                "data": "\(data)", "position": "\(service.recovery.lastSequence)",
                "records": "\(service.recovery.records)",
            ])
        return service
    }
}
