import Foundation
import Gateway
import JWTKit
import TallyActors
import Testing

@Suite("A JWT")
struct JWTTests {
    private static let key = ES256PrivateKey()
    private static var pem: String { key.publicKey.pemRepresentation }

    private func scopes(_ claims: JWTStage.Claims, at now: Instant = JWTStage.now) async throws
        -> ScopeSet?
    {
        let stage = try await JWTStage(trusting: Self.pem)
        return stage.identity(try await JWTStage.token(claims, by: Self.key), at: now)?.scopes
    }

    @Test("of each kind of key is taken under the algorithms of that kind")
    func kinds() async throws {
        let es384 = ES384PrivateKey()
        let es512 = ES512PrivateKey()
        let ed = try EdDSA.PrivateKey()
        let signers: [(String, JWTKeyCollection)] = [
            (Self.pem, await JWTKeyCollection().add(ecdsa: Self.key)),
            (es384.publicKey.pemRepresentation, await JWTKeyCollection().add(ecdsa: es384)),
            (es512.publicKey.pemRepresentation, await JWTKeyCollection().add(ecdsa: es512)),
            (ed.publicKey.pemRepresentation, await JWTKeyCollection().add(eddsa: ed)),
        ]
        let everyKey = signers.map(\.0).joined(separator: "\n")
        for (index, (pem, keys)) in signers.enumerated() {
            let token = try await keys.sign(JWTStage.Claims())
            #expect(try await JWTStage(trusting: pem).identity(token)?.scopes == .votesWrite)
            #expect(try await JWTStage(trusting: everyKey).identity(token) != nil)
            let other = signers[(index + 1) % signers.count].0
            #expect(try await JWTStage(trusting: other).identity(token) == nil)
        }
    }

    @Test("must be of the issuer, for the audience, and end at some time")
    func claims() async throws {
        #expect(try await scopes(JWTStage.Claims()) == .votesWrite)
        #expect(try await scopes(JWTStage.Claims(aud: ["other", "tally"])) == .votesWrite)
        for wrong in [
            JWTStage.Claims(iss: "https://issuer.example/"), JWTStage.Claims(iss: nil),
            JWTStage.Claims(aud: ["other"]), JWTStage.Claims(aud: []), JWTStage.Claims(aud: nil),
            JWTStage.Claims(exp: nil),
        ] {
            #expect(try await scopes(wrong) == nil, "\(wrong)")
        }
    }

    @Test("holds from nbf to exp, with the clock skew on both sides")
    func times() async throws {
        let claims = JWTStage.Claims(exp: 2000.5, nbf: 1000)
        let first = 1_000_000 - JWTRules.clockSkew
        let end = 2_000_500 + JWTRules.clockSkew
        for (time, holds) in [(first - 1, false), (first, true), (end - 1, true), (end, false)] {
            let found = try await scopes(claims, at: Instant(milliseconds: time))
            #expect((found != nil) == holds, "\(time)")
        }
    }

    @Test("that ends beyond all time holds, and one that ended before it does not")
    func extremes() async throws {
        #expect(try await scopes(JWTStage.Claims(exp: 1e300)) != nil)
        #expect(try await scopes(JWTStage.Claims(exp: -1e300)) == nil)
        #expect(try await scopes(JWTStage.Claims(nbf: 1e300)) == nil)
    }

    @Test("is remembered, and forgotten when it ends")
    func remembering() async throws {
        let stage = try await JWTStage(trusting: Self.pem)
        let token = try await JWTStage.token(by: Self.key)
        let first = try #require(stage.identity(token))
        #expect(stage.identity(token) === first)
        let end = Instant(milliseconds: 10_000_000 + JWTRules.clockSkew)
        #expect(first.expires == end)
        #expect(stage.identity(token, at: end) == nil)
        #expect(stage.policy.stillGrants(first, at: JWTStage.now))
        #expect(!stage.policy.stillGrants(first, at: end))
    }

    @Test("holds no more once its key is not trusted any more")
    func keyRemoval() async throws {
        let other = ES256PrivateKey().publicKey.pemRepresentation
        let both = try await JWTStage(trusting: Self.pem, other)
        let identity = try #require(both.identity(try await JWTStage.token(by: Self.key)))
        #expect(both.policy.stillGrants(identity, at: JWTStage.now))
        let one = try await JWTStage(trusting: other)
        #expect(!one.policy.stillGrants(identity, at: JWTStage.now))
    }

    @Test("with votes:self speaks for the account in sub, which must be one")
    func ownAccount() async throws {
        let stage = try await JWTStage(trusting: Self.pem)
        func identity(_ subject: String?) async throws -> Identity? {
            let claims = JWTStage.Claims(sub: subject, scope: "votes:self")
            return stage.identity(try await JWTStage.token(claims, by: Self.key))
        }
        let ann = try #require(try await identity("ann"))
        #expect(ann.scopes == .votesSelf)
        #expect(ann.ownAccount == Array("ann".utf8).withUnsafeBytes { JWTStage.hash.key(of: $0) })
        for none in [nil, "", ".", "a\nb", String(repeating: "x", count: 129)] {
            #expect(try await identity(none) == nil)
        }
        let plain = stage.identity(try await JWTStage.token(by: Self.key))
        #expect(plain?.ownAccount == nil, "a subject alone gives nothing")
    }

    @Test("takes of its scope what is known here")
    func scopeClaim() async throws {
        #expect(
            try await scopes(JWTStage.Claims(scope: "openid  tallies:read admin")) == [
                .admin, .talliesRead,
            ])
        #expect(try await scopes(JWTStage.Claims(scope: nil)) == [])
    }

    @Test("that was changed anywhere is none")
    func changes() async throws {
        let stage = try await JWTStage(trusting: Self.pem)
        let token = try await JWTStage.token(by: Self.key)
        let parts = token.split(separator: ".").map(String.init)
        let admin = JWTStage.part(
            #"{"iss":"https://issuer.example","aud":"tally","exp":10000,"scope":"admin"}"#)
        #expect(stage.identity("\(parts[0]).\(admin).\(parts[2])") == nil)
        #expect(stage.identity("\(parts[0]).\(parts[1]).") == nil)
        #expect(stage.identity("\(parts[0]).\(parts[1])") == nil)
        #expect(stage.identity("\(token).x") == nil)
        for name in ["none", "None", "HS256", "RS256", "ES384", ""] {
            let header = JWTStage.part(#"{"alg":"\#(name)","typ":"JWT"}"#)
            #expect(stage.identity("\(header).\(parts[1]).\(parts[2])") == nil)
            #expect(stage.identity("\(header).\(admin).") == nil)
        }
        for text in [
            "", ".", "..", "...", "a.b.c", "\(JWTStage.part("[]")).\(parts[1]).\(parts[2])",
        ] {
            #expect(stage.identity(text) == nil)
        }
    }

    @Test("signed by HMAC with a public key as the secret is none")
    func confusion() async throws {
        let stage = try await JWTStage(trusting: Self.pem)
        let forger = await JWTKeyCollection().add(
            hmac: HMACKey(from: Self.pem), digestAlgorithm: .sha256)
        #expect(stage.identity(try await forger.sign(JWTStage.Claims())) == nil)
    }

    @Test("that asks for what is not understood is none")
    func criticalFields() async throws {
        let stage = try await JWTStage(trusting: Self.pem)
        let header: JWTHeader = ["crit": .array([.string("b64")]), "b64": .bool(false)]
        #expect(stage.identity(try await JWTStage.token(by: Self.key, header: header)) == nil)
    }
}
