import TallyActors

/// Finds out who asks, for one connection. Confined to its event loop.
///
/// A connection carries the same credential in each of its requests: it is hashed and looked up
/// once, and again when the credentials of the server change.
struct Gatekeeper {
    enum Admission {
        case admitted(Identity)
        /// A credential is needed.
        case needsCredential
        /// The one that was presented does not hold.
        case badCredential
        /// Anybody on this machine may come in, but no page of the web.
        case foreign
    }

    private let access: AccessControl
    private let origins: OriginRule
    private var policy: AccessPolicy
    private var version: UInt64
    private var lastField: [UInt8] = []
    private var lastIdentity: Identity?
    /// Was last found to be this machine's own: a connection names the same one every time.
    private var lastHost: [UInt8] = []
    /// Found to hold under the policy.
    private var confirmed: Identity?

    init(_ access: AccessControl, _ origins: OriginRule) {
        self.access = access
        self.origins = origins
        version = access.version
        policy = access.policy
    }

    mutating func admit(_ exchange: Exchange, accountHash: SipHash128) -> Admission {
        follow()
        let presented = exchange.withHeader(.authorization) { field -> Admission in
            if let lastIdentity, field.equals(lastField), holds(lastIdentity) {
                return .admitted(lastIdentity)
            }
            guard case .bearer(let range) = Credential(field) else { return .needsCredential }
            let token = UnsafeRawBufferPointer(rebasing: field[range])
            let identity = policy.identity(
                bearing: token, at: access.now, accountHash: accountHash)
            guard let identity else { return .badCredential }
            lastField = Array(field)
            lastIdentity = identity
            return .admitted(identity)
        }
        return presented ?? admitWithoutCredential(exchange)
    }

    /// What is asked without a credential.
    mutating func admitWithoutCredential(_ exchange: Exchange) -> Admission {
        follow()
        guard let anybody = policy.anonymous else { return .needsCredential }
        return isOwn(exchange) ? .admitted(anybody) : .foreign
    }

    private mutating func isOwn(_ exchange: Exchange) -> Bool {
        guard exchange.withHeader(.origin, { _ in }) == nil else { return origins.isOwn(exchange) }
        let isKnown = exchange.withHeader(.host) { !lastHost.isEmpty && $0.equals(lastHost) }
        if isKnown == true { return true }
        guard origins.isOwn(exchange) else { return false }
        lastHost = exchange.withHeader(.host) { Array($0) } ?? []
        return true
    }

    /// Whether a request that was admitted may go on.
    mutating func stillGrants(_ identity: Identity) -> Bool {
        follow()
        if confirmed === identity { return holds(identity) }
        guard policy.stillGrants(identity, at: access.now) else { return false }
        confirmed = identity
        return true
    }

    private func holds(_ identity: Identity) -> Bool {
        identity.expires == nil || !identity.isExpired(at: access.now)
    }

    private mutating func follow() {
        let newest = access.version
        if newest == version { return }
        version = newest
        policy = access.policy
        lastIdentity = nil
        confirmed = nil
    }
}
