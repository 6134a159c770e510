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
    private let draining = Atomic(false)
    /// By event loop; each is used on its own loop only.
    private let voteDesks = Mutex<[ObjectIdentifier: NIOLoopBound<VoteDesk>]>([:])

    init(
        service: TallyService, version: String, logger: Logger, access: AccessControl,
        origins: OriginRule, audit: AuditLog
    ) {
        self.service = service
        self.version = version
        self.logger = logger
        self.access = access
        self.origins = origins
        self.audit = audit
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
