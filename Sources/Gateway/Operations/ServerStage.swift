import Logging
import Synchronization
import TallyActors

/// Whether the server already has a service, or still waits for it to be recovered.
final class ServerStage: Sendable {
    let version: String
    let access: AccessControl
    let origins: OriginRule
    let progress: RecoveryProgress
    private let serving = Mutex<GatewayContext?>(nil)

    init(
        version: String, access: AccessControl, origins: OriginRule, progress: RecoveryProgress
    ) {
        self.version = version
        self.access = access
        self.origins = origins
        self.progress = progress
    }

    /// What connections share once there is a service; nil before.
    var context: GatewayContext? { serving.withLock { $0 } }

    func serve(_ context: GatewayContext) {
        serving.withLock { serving in
            precondition(serving == nil, "a server is given a second service")
            serving = context
        }
    }
}
