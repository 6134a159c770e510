import Gateway
import Testing

@Suite("The field authorization")
struct CredentialTests {
    private func token(_ field: String) -> String? {
        Array(field.utf8).withUnsafeBytes { bytes in
            guard case .bearer(let range) = Credential(bytes) else { return nil }
            return String(decoding: bytes[range], as: UTF8.self)
        }
    }

    @Test("holds a token behind the word Bearer, in any case")
    func bearer() {
        for scheme in ["Bearer", "bearer", "BEARER"] { #expect(token("\(scheme) abc") == "abc") }
        #expect(token("Bearer   abc") == "abc")
        #expect(token("Bearer a b") == "a b", "one that can be no token of anybody")
    }

    @Test(
        "of another scheme, or without a token, is of no use",
        arguments: ["", "Bearer", "Bearer ", "Basic abc", "Bearerabc", "abc", " Bearer abc"])
    func unusable(field: String) {
        #expect(token(field) == nil)
    }
}
