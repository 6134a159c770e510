import Gateway
import TallyActors
import Testing

@Suite("The server's own tokens")
struct TokenTests {
    private func record(
        _ number: Int, name: String? = nil, scopes: ScopeSet = .admin, expires: Int64? = nil
    ) -> TokenRecord {
        TokenRecord(
            id: "id\(number)", name: name, scopes: scopes, digest: SecretDigest(of: "s\(number)"),
            created: Instant(milliseconds: 1000),
            expires: expires.map { Instant(milliseconds: $0) })
    }

    @Test("have a prefix and 256 bits that differ from token to token")
    func secrets() {
        var random = SystemRandomNumberGenerator()
        let secrets = (0..<100).map { _ in TokenSecret(using: &random).text }
        #expect(Set(secrets).count == 100)
        for secret in secrets {
            #expect(secret.hasPrefix("tally_") && secret.utf8.count == 6 + 43)
            #expect(
                secret.dropFirst(6).allSatisfy {
                    $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_")
                })
        }
    }

    @Test("are base64url of what the generator gives")
    func encoding() {
        struct Bytes: RandomNumberGenerator {
            var value: UInt64
            mutating func next() -> UInt64 { value }
        }
        var ones = Bytes(value: .max)
        #expect(
            TokenSecret(using: &ones).text == "tally_" + String(repeating: "_", count: 42) + "8")
        var zeros = Bytes(value: 0)
        #expect(TokenSecret(using: &zeros).text == "tally_" + String(repeating: "A", count: 43))
    }

    @Test("are kept as SHA-256")
    func digests() {
        let digest = SecretDigest(of: "abc")
        let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(digest.hexadecimal == text)
        #expect(SecretDigest(hexadecimal: text) == digest)
        #expect(digest.equalsInConstantTime(digest))
        #expect(!digest.equalsInConstantTime(SecretDigest(of: "abd")))
        for wrong in ["", "ba78", text + "00", text.dropLast() + "g"] as [String] {
            #expect(SecretDigest(hexadecimal: wrong) == nil)
        }
    }

    @Test("survive being written and read")
    func roundTrip() throws {
        var tokens = TokenSet()
        #expect(tokens.add(record(1, name: "a \"name\"/é", scopes: .ofTokens)) == nil)
        #expect(tokens.add(record(2, expires: 1_800_000_000_123)) == nil)
        let json = try tokens.json()
        #expect(try TokenSet(json: json) == tokens)
        #expect(!String(decoding: json, as: UTF8.self).contains("s1"))
        #expect(try TokenSet(json: try TokenSet().json()) == TokenSet())
    }

    @Test("are not read from a file that is broken, whatever of it")
    func broken() throws {
        var tokens = TokenSet()
        #expect(tokens.add(record(1, expires: 5000)) == nil)
        let good = String(decoding: try tokens.json(), as: UTF8.self)
        let changes = [
            ("\"version\" : 1", "\"version\" : 2"), ("\"admin\"", "\"votes:self\""),
            ("\"admin\"", "\"everything\""), ("\"sha256\" : \"", "\"sha256\" : \"0"),
            ("1970-01-01T00:00:05.000Z", "never"), ("1970-01-01T00:00:01.000Z", ""), ("}", ""),
            ("\"id\"", "\"name\""),
        ]
        for (part, other) in changes {
            let bad = good.replacing(part, with: other)
            #expect(bad != good)
            #expect(throws: TokenSet.Unreadable.self) { try TokenSet(json: Array(bad.utf8)) }
        }
        #expect(throws: TokenSet.Unreadable.self) { try TokenSet(json: []) }
    }

    @Test("have names of their own, and at least one scope")
    func adding() {
        var tokens = TokenSet()
        #expect(tokens.add(record(1, name: "n")) == nil)
        #expect(tokens.add(record(2, name: "n")) == .nameTaken("n"))
        #expect(tokens.add(record(2, name: "id1")) == .nameTaken("id1"), "it would be ambiguous")
        #expect(tokens.add(record(2, name: "")) == .badName)
        #expect(tokens.add(record(2, name: "a\nb")) == .badName)
        #expect(tokens.add(record(2, name: String(repeating: "x", count: 129))) == .badName)
        #expect(tokens.add(record(2, scopes: [])) == .noScopes)
        for number in 2...TokenSet.limit { #expect(tokens.add(record(number)) == nil) }
        #expect(tokens.add(record(9999)) == .full)
    }

    @Test("are found by their digest, and removed by id or name")
    func finding() {
        var tokens = TokenSet([record(1, name: "n"), record(2), record(3, name: "id2x")])
        #expect(tokens.record(of: SecretDigest(of: "s2"))?.id == "id2")
        #expect(tokens.record(of: SecretDigest(of: "s4")) == nil)
        #expect(tokens.remove("nobody") == nil)
        #expect(tokens.remove("n")?.id == "id1")
        #expect(tokens.remove("id2")?.id == "id2")
        #expect(tokens.records.map(\.id) == ["id3"])
    }
}
