import Logging
import NIOCore
import Synchronization
import TallyActors

/// What all connections of a server share.
final class GatewayContext: Sendable {
    let service: TallyService
    let renderings: TallyRenderings
    let version: String
    let logger: Logger
    let access: AccessControl
    let origins: OriginRule
    let audit: AuditLog
    let limits: RequestLimits
    let meter: LimitMeter
    let rates: RequestRates
    let load: CommandLoad
    /// Connections that are open.
    let connections: @Sendable () -> Int
    private let draining = Atomic(false)
    /// By event loop; each is used on its own loop only.
    private let voteDesks = Mutex<[ObjectIdentifier: NIOLoopBound<VoteDesk>]>([:])

    init(
        service: TallyService, version: String, logger: Logger, access: AccessControl,
        origins: OriginRule, audit: AuditLog, limits: RequestLimits, meter: LimitMeter,
        connections: @escaping @Sendable () -> Int
    ) {
        self.service = service
        self.version = version
        self.logger = logger
        self.access = access
        self.origins = origins
        self.audit = audit
        self.limits = limits
        self.meter = meter
        self.connections = connections
        rates = RequestRates(limits, meter)
        load = CommandLoad(limit: limits.waitingCommands)
        renderings = TallyRenderings(key: service.accountHash)
    }

    /// The desk of an event loop. To be called on it.
    func voteDesk(of eventLoop: any EventLoop) -> VoteDesk {
        voteDesks.withLock { desks in
            if let desk = desks[ObjectIdentifier(eventLoop)] { return desk }
            let desk = NIOLoopBound(VoteDesk(service: service), eventLoop: eventLoop)
            desks[ObjectIdentifier(eventLoop)] = desk
            return desk
        }.value
    }

    var isDraining: Bool { draining.load(ordering: .relaxed) }

    func drain() { draining.store(true, ordering: .relaxed) }
}
