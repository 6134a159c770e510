import Gateway
import NIOCore
import Testing

@Suite struct TLSIdentityTests {
    private static let pemOfNothing = Array(
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8)

    private func fault(_ material: TLSMaterial) -> TLSMaterial.Part? {
        do {
            _ = try TLSIdentity(material)
            return nil
        } catch {
            return (error as? TLSMaterial.Fault)?.part
        }
    }

    private func material(
        _ certificate: TestCertificate, clientAuthorities: [UInt8]? = nil
    ) -> TLSMaterial {
        TLSMaterial(
            certificates: certificate.pem, key: certificate.key,
            clientAuthorities: clientAuthorities)
    }

    @Test func aChainWithItsKeyIsTaken() throws {
        let root = try TestCertificate("root", isAuthority: true)
        let leaf = try TestCertificate("leaf", issuer: root)
        #expect(fault(material(leaf)) == nil)
        #expect(fault(TLSMaterial(certificates: leaf.pem + root.pem, key: leaf.key)) == nil)
        #expect(fault(material(leaf, clientAuthorities: root.pem)) == nil)
    }

    @Test(
        "names the part that holds no PEM", arguments: [[], Array("nonsense".utf8), pemOfNothing])
    func brokenPEM(broken: [UInt8]) throws {
        let good = try TestCertificate("good")
        #expect(fault(TLSMaterial(certificates: broken, key: good.key)) == .certificate)
        #expect(fault(TLSMaterial(certificates: good.pem, key: broken)) == .key)
        #expect(fault(material(good, clientAuthorities: broken)) == .clientAuthority)
    }

    @Test func aPartInThePlaceOfTheOtherIsRefused() throws {
        let good = try TestCertificate("good")
        #expect(fault(TLSMaterial(certificates: good.key, key: good.pem)) == .certificate)
        #expect(fault(TLSMaterial(certificates: good.pem, key: good.pem)) == .key)
    }

    @Test func aKeyOfAnotherCertificateIsRefused() throws {
        let one = try TestCertificate("one")
        let other = try TestCertificate("other")
        #expect(fault(TLSMaterial(certificates: one.pem, key: other.key)) == .key)
        // The first of a chain is the server's own.
        #expect(fault(TLSMaterial(certificates: other.pem + one.pem, key: one.key)) == .key)
    }

    @Test func aReplacementIsForConnectionsThatComeLater() async throws {
        let first = try TestCertificate("first")
        let second = try TestCertificate("second")
        let identity = try TLSIdentity(material(first))
        try await withServer(tls: identity) { port, _, _ in
            let early = try await SecureClient.connect(port: port, trusted: first.pem)
            #expect(try await early.get("/bytes/3") == 200)
            try identity.replace(with: material(second))
            #expect(try await early.get("/bytes/3") == 200)
            await #expect(throws: HandshakeFailure.untrusted) {
                try await SecureClient.connect(port: port, trusted: first.pem)
            }
            let late = try await SecureClient.connect(port: port, trusted: second.pem)
            #expect(try await late.get("/bytes/3") == 200)
            #expect(try await early.get("/bytes/3") == 200)
            early.close()
            late.close()
        }
    }

    @Test func aReplacementThatIsUnfitChangesNothing() async throws {
        let first = try TestCertificate("first")
        let other = try TestCertificate("other")
        let identity = try TLSIdentity(material(first))
        try await withServer(tls: identity) { port, _, _ in
            for unfit in [
                TLSMaterial(certificates: other.pem, key: first.key),
                TLSMaterial(certificates: [], key: first.key),
                TLSMaterial(certificates: other.pem, key: other.key, clientAuthorities: []),
            ] {
                #expect(throws: TLSMaterial.Fault.self) { try identity.replace(with: unfit) }
                let client = try await SecureClient.connect(port: port, trusted: first.pem)
                #expect(try await client.get("/bytes/3") == 200)
                client.close()
            }
        }
    }

    @Test func onlyClientsOfTheAuthoritiesAreLetIn() async throws {
        let server = try TestCertificate("server")
        let authority = try TestCertificate("authority", isAuthority: true)
        let stranger = try TestCertificate("stranger", isAuthority: true)
        let identity = try TLSIdentity(material(server, clientAuthorities: authority.pem))
        let ca = try TemporaryFile(server.pem)
        try await withServer(tls: identity) { port, _, _ in
            func status(_ client: TestCertificate?) async throws -> String {
                let files = try client.map {
                    (try TemporaryFile($0.pem), try TemporaryFile($0.key))
                }
                let own = files.map { ["--cert", $0.0.path, "--key", $0.1.path] } ?? []
                let answer = try await Tool.run(
                    "curl",
                    [
                        "-s", "-o", "/dev/null", "-w", "%{response_code}", "--cacert", ca.path,
                        "https://localhost:\(port)/bytes/3",
                    ] + own)
                return answer.output
            }
            #expect(try await status(TestCertificate("known", issuer: authority)) == "200")
            #expect(try await status(TestCertificate("unknown", issuer: stranger)) == "000")
            #expect(try await status(nil) == "000")
            // From now on they need none.
            try identity.replace(with: material(server))
            #expect(try await status(nil) == "200")
        }
    }
}
