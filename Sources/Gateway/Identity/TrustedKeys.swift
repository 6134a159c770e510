import JWTKit
import TallyActors

/// Keys whose JWTs are trusted, and what such a JWT must say.
package struct TrustedKeys: Sendable {
    package let keys: [TrustedKey]
    let rules: JWTRules

    package init(_ keys: [TrustedKey], _ rules: JWTRules) {
        self.keys = keys
        self.rules = rules
    }

    func contains(signer: SecretDigest) -> Bool {
        keys.contains { $0.digest == signer }
    }

    /// Who a JWT speaks for; nil when it is none, is signed by none of the keys, or does not hold now.
    ///
    /// Costs a tenth of a millisecond for most kinds of keys, and does no I/O.
    func identity(
        of token: UnsafeRawBufferPointer, digest: SecretDigest, at now: Instant,
        accountHash: SipHash128
    ) -> Identity? {
        let bytes = Array(token)
        guard let parsed = try? DefaultJWTParser().parse(bytes, as: JWTClaims.self),
            let signer = signer(of: bytes, parsed.header, Array(parsed.signature)),
            let expires = rules.expiry(of: parsed.payload, at: now)
        else { return nil }
        let scopes = parsed.payload.scopes
        var account: AccountKey?
        if scopes.contains(.votesSelf) {
            // Whose votes they would be must be said.
            guard var subject = parsed.payload.sub,
                let key = subject.withUTF8({ bytes -> AccountKey? in
                    let bytes = UnsafeRawBufferPointer(bytes)
                    return Identifier.isValid(bytes) ? accountHash.key(of: bytes) : nil
                })
            else { return nil }
            account = key
        }
        return Identity(
            .jwt(issuer: rules.issuer, mark: String(digest.hexadecimal.prefix(16))),
            scopes: scopes, ownAccount: account, expires: expires, digest: digest,
            signer: signer.digest)
    }

    /// The key that the token's signature is of.
    private func signer(
        of token: [UInt8], _ header: JWTHeader, _ signature: [UInt8]
    ) -> TrustedKey? {
        // What `crit` lists must be understood (RFC 7515, 4.1.11), and nothing of it is.
        guard let name = header.alg, header.fields["crit"] == nil,
            let end = token.lastIndex(of: UInt8(ascii: "."))
        else { return nil }
        return keys.first { key in
            if let keyID = key.keyID, let wanted = header.kid, keyID != wanted { return false }
            guard let algorithm = key.algorithms[name] else { return false }
            return (try? algorithm.verify(signature, signs: token[..<end])) ?? false
        }
    }
}
