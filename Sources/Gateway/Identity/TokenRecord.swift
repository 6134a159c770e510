package import TallyActors

/// What the server keeps of one of its own tokens.
package struct TokenRecord: Equatable, Sendable {
    /// 12 hexadecimal digits.
    package var id: String
    package var name: String?
    package var scopes: ScopeSet
    package var digest: SecretDigest
    package var created: Instant
    package var expires: Instant?

    package init(
        id: String, name: String?, scopes: ScopeSet, digest: SecretDigest, created: Instant,
        expires: Instant?
    ) {
        self.id = id
        self.name = name
        self.scopes = scopes
        self.digest = digest
        self.created = created
        self.expires = expires
    }

    var identity: Identity {
        Identity(.token(id: id, name: name), scopes: scopes, expires: expires, digest: digest)
    }
}
