import Gateway
import TallyActors
import Testing

@Suite("Who may come in")
struct AccessPolicyTests {
    private let hash = SipHash128(key: (1, 2))

    private func at(_ milliseconds: Int64) -> Instant { Instant(milliseconds: milliseconds) }

    private func record(_ secret: String, expires: Int64? = nil) -> TokenRecord {
        TokenRecord(
            id: "id-\(secret)", name: nil, scopes: .admin, digest: SecretDigest(of: secret),
            created: at(0), expires: expires.map { at($0) })
    }

    private func identity(_ policy: AccessPolicy, _ token: String, at now: Int64 = 0) -> Identity? {
        Array(token.utf8).withUnsafeBytes {
            policy.identity(bearing: $0, at: at(now), accountHash: hash)
        }
    }

    @Test("is who has a token that holds")
    func tokens() {
        let policy = AccessPolicy(
            tokens: TokenSet([record("a"), record("b", expires: 50)]), keys: nil)
        #expect(policy.hasCredentials)
        #expect(identity(policy, "a")?.bearer == .token(id: "id-a", name: nil))
        #expect(identity(policy, "b", at: 49)?.scopes == .admin)
        #expect(identity(policy, "b", at: 50) == nil)
        #expect(identity(policy, "c") == nil && identity(policy, "") == nil)
    }

    @Test("changes for what was admitted before")
    func revocation() throws {
        let before = AccessPolicy(
            tokens: TokenSet([record("a"), record("b", expires: 50)]), keys: nil)
        let a = try #require(identity(before, "a"))
        let b = try #require(identity(before, "b"))
        #expect(before.stillGrants(a, at: at(1_000)) && before.stillGrants(b, at: at(49)))
        #expect(!before.stillGrants(b, at: at(50)))
        let after = AccessPolicy(tokens: TokenSet([record("b", expires: 50)]), keys: nil)
        let shorter = AccessPolicy(tokens: TokenSet([record("a", expires: 10)]), keys: nil)
        #expect(!shorter.stillGrants(a, at: at(0)), "its end was moved")
        #expect(!after.stillGrants(a, at: at(0)) && after.stillGrants(b, at: at(0)))
    }

    @Test("is anybody only as long as no token was ever made")
    func anybody() {
        let open = AccessPolicy(tokens: nil, keys: nil)
        let emptied = AccessPolicy(tokens: TokenSet(), keys: nil)
        let anonymous = Identity(.anonymous, scopes: .ofAnybody)
        #expect(!open.hasCredentials && !emptied.hasCredentials)
        #expect(open.stillGrants(anonymous, at: at(0)))
        #expect(!emptied.stillGrants(anonymous, at: at(0)), "the last token was revoked")
        #expect(identity(open, "a") == nil, "a token that is none is none here, too")
    }
}
