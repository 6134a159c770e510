package import TallyActors

/// What a request may do, and in whose name. Shared by all requests that carry the same credential.
package final class Identity: Sendable {
    package let bearer: Bearer
    package let scopes: ScopeSet
    /// The account whose votes a JWT with `votes:self` may cast, change, withdraw and read.
    package let ownAccount: AccountKey?
    /// The first moment at which it holds no more; nil for ever.
    package let expires: Instant?
    /// Of the credential; nil for an anonymous request.
    let digest: SecretDigest?
    /// Of the key that a JWT was signed by.
    let signer: SecretDigest?

    package init(
        _ bearer: Bearer, scopes: ScopeSet, ownAccount: AccountKey? = nil, expires: Instant? = nil,
        digest: SecretDigest? = nil, signer: SecretDigest? = nil
    ) {
        self.bearer = bearer
        self.scopes = scopes
        self.ownAccount = ownAccount
        self.expires = expires
        self.digest = digest
        self.signer = signer
    }

    /// Sees the results that a phase withholds.
    var seesWithheld: Bool { scopes.contains(.talliesWithheld) }

    func isExpired(at now: Instant) -> Bool {
        expires.map { $0 <= now } ?? false
    }

    /// May cast votes of this account.
    func mayVote(for account: AccountKey) -> Bool {
        scopes.contains(.votesWrite) || ownAccount == account
    }

    static let anybody = Identity(.anonymous, scopes: .ofAnybody)
}
