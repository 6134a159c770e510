import Foundation
import Gateway
import JWTKit
import TallyActors

/// Keys that a server trusts, and what it makes of tokens at a time that the test says.
struct JWTStage {
    struct Claims: JWTPayload, Sendable {
        var iss: String? = "https://issuer.example"
        var aud: [String]? = ["tally"]
        var sub: String? = "ann"
        /// Seconds since 1970.
        var exp: Double? = 10_000
        var nbf: Double?
        var scope: String? = "votes:write"

        func verify(using algorithm: some JWTAlgorithm) {}
    }

    static let rules = JWTRules(issuer: "https://issuer.example", audience: "tally")
    static let hash = SipHash128(key: (1, 2))
    static let now = Instant(milliseconds: 9_000_000)

    let policy: AccessPolicy

    init(trusting files: String...) async throws {
        var keys: [TrustedKey] = []
        for file in files { keys += try await TrustedKey.read(Array(file.utf8)) }
        policy = AccessPolicy(tokens: nil, keys: TrustedKeys(keys, Self.rules))
    }

    func identity(_ token: String, at now: Instant = now) -> Identity? {
        Array(token.utf8).withUnsafeBytes {
            policy.identity(bearing: $0, at: now, accountHash: Self.hash)
        }
    }

    static func token(
        _ claims: Claims = Claims(), by key: ES256PrivateKey, header: JWTHeader = JWTHeader()
    ) async throws -> String {
        try await JWTKeyCollection().add(ecdsa: key).sign(claims, header: header)
    }

    /// A part of a token, from JSON.
    static func part(_ json: String) -> String {
        Data(json.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }
}
