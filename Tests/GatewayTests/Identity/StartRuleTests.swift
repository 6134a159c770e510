import Gateway
import Testing

@Suite("Where a server may start")
struct StartRuleTests {
    private func missing(
        _ loopback: Bool, _ encrypted: Bool, _ credentials: Bool, insecure: Bool
    ) -> StartRule.Missing? {
        StartRule.missing(
            isLoopback: loopback, hasTLS: encrypted, hasCredentials: credentials,
            isInsecure: insecure)
    }

    @Test("is anywhere when it is told so, and always on loopback")
    func open() {
        for encrypted in [false, true] {
            for credentials in [false, true] {
                #expect(missing(true, encrypted, credentials, insecure: false) == nil)
                #expect(missing(true, encrypted, credentials, insecure: true) == nil)
                #expect(missing(false, encrypted, credentials, insecure: true) == nil)
            }
        }
    }

    @Test("is elsewhere with TLS and a credential only")
    func closed() {
        #expect(missing(false, true, true, insecure: false) == nil)
        #expect(missing(false, true, false, insecure: false) == .credentials)
        #expect(missing(false, false, true, insecure: false) == .encryption)
        #expect(missing(false, false, false, insecure: false) == .both)
    }

    @Test("and which origins can be allowed")
    func origins() {
        for origin in [
            "https://vote.example", "http://localhost:3000", "https://a-b.c:8443",
            "http://[::1]:80",
        ] {
            #expect(AllowedOrigins.isOrigin(origin), "\(origin)")
        }
        for other in [
            "", "*", "null", "vote.example", "https://", "https://vote.example/",
            "https://Vote.example",
            "ftp://vote.example", "https://vote.example?x", "https://a b", "https://a,https://b",
        ] {
            #expect(!AllowedOrigins.isOrigin(other), "\(other)")
        }
    }
}
