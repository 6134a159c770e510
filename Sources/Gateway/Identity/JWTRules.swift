import TallyActors

/// What a JWT must say besides being signed by a trusted key.
package struct JWTRules: Equatable, Sendable {
    /// How far the clocks of issuer and server may differ, in milliseconds.
    package static let clockSkew: Int64 = 60_000

    package var issuer: String
    package var audience: String

    package init(issuer: String, audience: String) {
        self.issuer = issuer
        self.audience = audience
    }

    /// - Returns: the first moment at which the claims hold no more; nil when they do not hold now.
    func expiry(of claims: JWTClaims, at now: Instant) -> Instant? {
        guard claims.iss == issuer, claims.aud?.values.contains(audience) == true,
            let expires = claims.exp
        else { return nil }
        if let begins = claims.nbf,
            now.milliseconds + Self.clockSkew < Self.milliseconds(begins)
        {
            return nil
        }
        let end = Instant(milliseconds: Self.milliseconds(expires) + Self.clockSkew)
        return now < end ? end : nil
    }

    /// What no calendar reaches counts as its end: some issuers write it for "never".
    private static func milliseconds(_ seconds: Double) -> Int64 {
        Int64(min(max(seconds, -1e11), 1e11) * 1000)
    }
}
