import Crypto
import Foundation
import SwiftASN1
import X509

/// A certificate for tests, with its key.
struct TestCertificate {
    /// In PEM, as the key.
    let pem: [UInt8]
    let key: [UInt8]
    private let subject: DistinguishedName
    private let signer: Certificate.PrivateKey

    /// - Parameters:
    ///   - hosts: names in DNS; nil: localhost and 127.0.0.1.
    ///   - issuer: nil: it signs itself.
    init(
        _ name: String, hosts: [String]? = nil, isAuthority: Bool = false,
        issuer: TestCertificate? = nil
    ) throws {
        let private256 = P256.Signing.PrivateKey()
        signer = Certificate.PrivateKey(private256)
        subject = try DistinguishedName { CommonName(name) }
        let own: [GeneralName] = [
            .dnsName("localhost"), .ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1])),
        ]
        let made = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: signer.publicKey,
            notValidBefore: Date() - 3_600, notValidAfter: Date() + 86_400,
            issuer: issuer?.subject ?? subject, subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(
                    isAuthority
                        ? BasicConstraints.isCertificateAuthority(maxPathLength: nil)
                        : .notCertificateAuthority)
                SubjectAlternativeNames(hosts?.map { .dnsName($0) } ?? own)
            },
            issuerPrivateKey: issuer?.signer ?? signer)
        pem = Array(try (made.serializeAsPEM().pemString + "\n").utf8)
        key = Array(private256.pemRepresentation.utf8)
    }
}
