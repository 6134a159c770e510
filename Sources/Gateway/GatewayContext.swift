import Logging
import Synchronization
import TallyActors

/// What all connections of a server share.
final class GatewayContext: Sendable {
    let service: TallyService
    let renderings: TallyRenderings
    let version: String
    let logger: Logger
    /// Refuse requests whose `Host` or `Origin` is not this machine's loopback: as long as anybody
    /// on the machine may do everything, no page of the web may.
    let allowsOnlyLoopback: Bool
    private let draining = Atomic(false)

    init(
        service: TallyService, version: String, logger: Logger, allowsOnlyLoopback: Bool
    ) {
        self.service = service
        self.version = version
        self.logger = logger
        self.allowsOnlyLoopback = allowsOnlyLoopback
        renderings = TallyRenderings(key: service.accountHash)
    }

    var isDraining: Bool { draining.load(ordering: .relaxed) }

    func drain() { draining.store(true, ordering: .relaxed) }
}
