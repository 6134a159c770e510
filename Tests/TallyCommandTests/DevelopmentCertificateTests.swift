import Crypto
import Foundation
import Gateway
import SwiftASN1
import Testing
import X509
import tally

@Suite struct DevelopmentCertificateTests {
    /// A whole second: certificates know no parts of one.
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func make(_ hosts: [String]) throws -> (DevelopmentCertificate, Certificate) {
        let made = try DevelopmentCertificate(
            hosts: hosts.map { try #require(CertificateHost(argument: $0)) }, from: Self.now)
        return (made, try Certificate(pemEncoded: made.certificate))
    }

    @Test func itIsForTheHostsThatWereAskedForInTheirOrder() throws {
        let hosts = ["vote.example", "192.0.2.7", "2001:db8::1", "*.vote.example"]
        let (_, certificate) = try make(hosts)
        let names = try #require(try certificate.extensions.subjectAlternativeNames)
        #expect(Array(names) == hosts.compactMap { CertificateHost(argument: $0)?.name })
    }

    @Test func theUsualHostsAreThisMachine() {
        #expect(
            DevelopmentCertificate.usualHosts.compactMap { CertificateHost(argument: $0)?.text }
                == ["localhost", "127.0.0.1", "::1"])
    }

    @Test func itHoldsFromAnHourBeforeForAsLongAsBrowsersAccept() throws {
        let (_, certificate) = try make(["localhost"])
        #expect(certificate.notValidBefore == Self.now - 3_600)
        #expect(certificate.notValidAfter == Self.now - 3_600 + 397 * 86_400)
    }

    @Test func itSignsItselfAndNothingElse() throws {
        let (_, certificate) = try make(["localhost"])
        #expect(certificate.issuer == certificate.subject)
        #expect(certificate.publicKey.isValidSignature(certificate.signature, for: certificate))
        #expect(try certificate.extensions.basicConstraints == .notCertificateAuthority)
        // With one, the client of `tally load` would not trust it.
        #expect(try certificate.extensions.keyUsage == nil)
        #expect(
            try certificate.extensions.extendedKeyUsage == ExtendedKeyUsage([.serverAuth]))
    }

    @Test func itsKeyIsItsOwnAndEveryCertificateHasAnother() throws {
        let (first, certificate) = try make(["localhost"])
        let (second, _) = try make(["localhost"])
        let key = try P256.Signing.PrivateKey(pemRepresentation: first.key)
        #expect(certificate.publicKey == Certificate.PublicKey(key.publicKey))
        #expect(first.key != second.key)
        #expect(first.certificate != second.certificate)
    }

    @Test func aServerTakesIt() throws {
        let (made, _) = try make(["localhost"])
        _ = try TLSIdentity(
            TLSMaterial(certificates: Array(made.certificate.utf8), key: Array(made.key.utf8)))
    }
}
