import JWTKit

/// The claims of a JWT that are looked at (RFC 7519, and `scope` of RFC 9068). All are optional here:
/// `JWTRules` says which must be there.
struct JWTClaims: JWTPayload {
    /// A string, or a list of them.
    struct Names: Codable, Sendable {
        var values: [String]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let value = try? container.decode(String.self) {
                values = [value]
            } else {
                values = try container.decode([String].self)
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(values)
        }
    }

    var iss: String?
    var sub: String?
    var aud: Names?
    /// Seconds since 1970.
    var exp: Double?
    var nbf: Double?
    /// Names with spaces between, or a list.
    var scope: Names?

    var scopes: ScopeSet {
        ScopeSet(known: (scope?.values ?? []).flatMap { $0.split(separator: " ") })
    }

    /// Judged by `JWTRules` instead, which knows the time.
    func verify(using algorithm: some JWTAlgorithm) {}
}
