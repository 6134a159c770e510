import Foundation
import Gateway
import JWTKit
import Testing

@Suite("A file of trusted keys")
struct TrustedKeyTests {
    private static let key = ES256PrivateKey()

    /// A member of a JWK Set.
    private func member(
        _ key: ES256PrivateKey, kid: String? = nil, _ more: String = ""
    ) throws -> String {
        let parameters = try #require(key.publicKey.parameters)
        func url(_ text: String) -> String {
            text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        }
        let name = kid.map { "\"kid\":\"\($0)\"," } ?? ""
        return """
            {\(name)\(more)"kty":"EC","crv":"P-256","x":"\(url(parameters.x))",\
            "y":"\(url(parameters.y))"}
            """
    }

    private func set(_ members: String...) -> String {
        "{\"keys\":[\(members.joined(separator: ","))]}"
    }

    private func read(_ file: String) async throws -> [TrustedKey] {
        try await TrustedKey.read(Array(file.utf8))
    }

    @Test("is PEM, with as many keys as one likes")
    func pem() async throws {
        let keys = try await read(
            "a comment\n" + Self.key.publicKey.pemRepresentation + "\n"
                + ES384PrivateKey().publicKey.pemRepresentation)
        #expect(keys.map(\.algorithmNames) == [["ES256"], ["ES384"]])
        #expect(keys.allSatisfy { $0.keyID == nil })
    }

    @Test("or a JWK Set, of which kinds that are not taken are left out")
    func keySet() async throws {
        let keys = try await read(
            set(
                try member(Self.key, kid: "a"), #"{"kty":"oct","k":"c2VjcmV0","alg":"HS256"}"#,
                #"{"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"}"#, "17", "{}",
                try member(ES256PrivateKey(), kid: "b", #""use":"enc","#),
                try member(ES256PrivateKey(), kid: "c", #""alg":"ES256","use":"sig","#),
                try member(ES256PrivateKey(), kid: "d", #""alg":"ES384","#)))
        #expect(keys.map(\.keyID) == ["a", "c"])
        #expect(keys.map(\.algorithmNames) == [["ES256"], ["ES256"]])
    }

    @Test("names its keys, and a token that names one is checked by that one only")
    func names() async throws {
        let other = ES256PrivateKey()
        let stage = try await JWTStage(
            trusting: set(try member(Self.key, kid: "a"), try member(other, kid: "b")))
        let named = try await JWTStage.token(by: other, header: ["kid": .string("b")])
        #expect(stage.identity(named) != nil)
        let misnamed = try await JWTStage.token(by: other, header: ["kid": .string("a")])
        #expect(stage.identity(misnamed) == nil)
        let unknown = try await JWTStage.token(by: other, header: ["kid": .string("z")])
        #expect(stage.identity(unknown) == nil)
        #expect(stage.identity(try await JWTStage.token(by: other)) != nil, "none is named")
    }

    @Test("with a private key, or with none that is taken, is refused")
    func unfit() async throws {
        let bad = [
            "", "{}", "[]", "{\"keys\":[]}", "{\"keys\":{}}", "nonsense",
            Self.key.pemRepresentation,
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
            String(Self.key.publicKey.pemRepresentation.dropLast(12)),
            set(#"{"kty":"oct","k":"c2VjcmV0"}"#),
            set(try member(Self.key, kid: "a", #""d":"AAAA","#)),
            set(#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#),
        ]
        for file in bad {
            await #expect(throws: TrustedKey.Unfit.self, "\(file)") { try await read(file) }
        }
    }
}
