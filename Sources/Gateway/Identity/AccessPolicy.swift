import Synchronization
package import TallyActors

/// Which credentials hold, at one moment. Replaced as a whole when tokens or keys change.
package final class AccessPolicy: Sendable {
    /// The most JWTs whose signatures are remembered as good.
    static let rememberedLimit = 4096

    private let tokens: TokenSet
    private let keys: TrustedKeys?
    /// What a request without a credential may do; nil once there is any token or key.
    let anonymous: Identity?
    private let remembered = Mutex<[SecretDigest: Identity]>([:])

    /// - Parameters:
    ///   - tokens: nil as long as none was ever made.
    ///   - keys: nil when the server was told of none.
    package init(tokens: TokenSet?, keys: TrustedKeys?) {
        self.tokens = tokens ?? TokenSet()
        self.keys = keys
        anonymous = tokens == nil && keys == nil ? .anybody : nil
    }

    /// There is a token or a key by which somebody may come in.
    package var hasCredentials: Bool { !tokens.records.isEmpty || keys != nil }

    /// - Returns: nil for a token that does not hold now.
    package func identity(
        bearing token: UnsafeRawBufferPointer, at now: Instant, accountHash: SipHash128
    ) -> Identity? {
        let digest = SecretDigest(of: token)
        if let record = tokens.record(of: digest) {
            let identity = record.identity
            return identity.isExpired(at: now) ? nil : identity
        }
        guard let keys else { return nil }
        if let known = remembered.withLock({ $0[digest] }) {
            return known.isExpired(at: now) ? nil : known
        }
        let identity = keys.identity(
            of: token, digest: digest, at: now, accountHash: accountHash)
        if let identity { remember(identity, digest, at: now) }
        return identity
    }

    private func remember(_ identity: Identity, _ digest: SecretDigest, at now: Instant) {
        remembered.withLock { remembered in
            if remembered.count >= Self.rememberedLimit {
                remembered = remembered.filter { !$0.value.isExpired(at: now) }
            }
            if remembered.count >= Self.rememberedLimit { remembered.removeAll() }
            remembered[digest] = identity
        }
    }

    /// Whether what an earlier policy admitted may go on.
    package func stillGrants(_ identity: Identity, at now: Instant) -> Bool {
        if identity.isExpired(at: now) { return false }
        switch identity.bearer {
        case .anonymous: return anonymous != nil
        case .token:
            // One that allows something else now, or ends at another time, is looked at anew.
            let record = identity.digest.flatMap { tokens.record(of: $0) }
            return record?.scopes == identity.scopes && record?.expires == identity.expires
        case .jwt:
            guard let keys, let signer = identity.signer else { return false }
            return keys.contains(signer: signer)
        case .operatingUser: return false
        }
    }
}
