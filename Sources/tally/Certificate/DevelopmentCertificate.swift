import Crypto
package import Foundation
import SwiftASN1
import X509

/// A certificate that signs itself, for trying TLS: nobody trusts it who was not told to.
package struct DevelopmentCertificate {
    /// What browsers accept at most.
    package static let days = 397
    package static let usualHosts = ["localhost", "127.0.0.1", "::1"]

    /// In PEM, as the key.
    package let certificate: String
    package let key: String

    package init(hosts: [CertificateHost], from now: Date) throws {
        let signer = P256.Signing.PrivateKey()
        let names = try DistinguishedName { CommonName("Tally development certificate") }
        // A clock that is a little behind shall accept it, too.
        let start = now.addingTimeInterval(-3_600)
        let made = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(),
            publicKey: Certificate.PublicKey(signer.publicKey), notValidBefore: start,
            notValidAfter: start.addingTimeInterval(Double(Self.days) * 86_400), issuer: names,
            subject: names, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                // No KeyUsage: without the right to sign certificates, clients built on BoringSSL would not
                // trust one that signs itself; and with it, it would be an authority.
                Critical(BasicConstraints.notCertificateAuthority)
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(hosts.map(\.name))
            },
            issuerPrivateKey: Certificate.PrivateKey(signer))
        certificate = try made.serializeAsPEM().pemString + "\n"
        key = signer.pemRepresentation + "\n"
    }
}
