import Gateway
import NIOCore
import NIOPosix
import Testing

/// The client over TLS: whom it believes, and what it says about others.
@Suite struct SecureClientTests {
    private func withSecureServer(
        _ certificate: TestCertificate, _ body: (_ port: Int) async throws -> Void
    ) async throws {
        let identity = try TLSIdentity(
            TLSMaterial(certificates: certificate.pem, key: certificate.key))
        try await withServer(tls: identity) { port, _, _ in try await body(port) }
    }

    @Test(
        "trusts a certificate for the name or the address", arguments: ["localhost", "127.0.0.1"])
    func trusted(host: String) async throws {
        let root = try TestCertificate("root", isAuthority: true)
        let leaf = try TestCertificate("leaf", issuer: root)
        try await withSecureServer(leaf) { port in
            let client = try await SecureClient.connect(host: host, port: port, trusted: root.pem)
            #expect(try await client.get("/bytes/300000") == 200)
            client.close()
        }
    }

    @Test func aStrangersCertificateIsNotTrusted() async throws {
        try await withSecureServer(TestCertificate("one")) { port in
            let other = try TestCertificate("one")
            await #expect(throws: HandshakeFailure.untrusted) {
                try await SecureClient.connect(port: port, trusted: other.pem)
            }
        }
    }

    @Test func aCertificateForAnotherHostIsRefused() async throws {
        let certificate = try TestCertificate("one", hosts: ["vote.example"])
        try await withSecureServer(certificate) { port in
            await #expect(throws: HandshakeFailure.otherHost) {
                try await SecureClient.connect(port: port, trusted: certificate.pem)
            }
        }
    }

    @Test func aServerInTheClearIsTold() async throws {
        let certificate = try TestCertificate("one")
        try await withServer { port, _, _ in
            await #expect(throws: HandshakeFailure.noTLS) {
                try await SecureClient.connect(
                    host: "127.0.0.1", port: port, trusted: certificate.pem)
            }
        }
    }

    @Test func aServerThatSaysNothingIsGivenUp() async throws {
        let certificate = try TestCertificate("one")
        let silent = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(silent.localAddress?.port)
        await #expect(throws: HandshakeFailure.timeout) {
            try await SecureClient.connect(
                host: "127.0.0.1", port: port, trusted: certificate.pem,
                timeout: .milliseconds(200))
        }
        try await silent.close()
    }

    @Test("takes certificates only as authorities", arguments: ["", "nonsense"])
    func noAuthorities(text: String) {
        #expect(throws: TLSTrust.Fault.self) { try TLSTrust(authorities: Array(text.utf8)) }
    }
}
