import Crypto
import Foundation
import SwiftASN1
import X509

/// A certificate that signs itself, for trying TLS: nobody trusts it who was not told to.
struct DevelopmentCertificate {
    /// What browsers accept at most.
    static let days = 397
    static let usualHosts = ["localhost", "127.0.0.1", "::1"]

    let certificate: String
    let key: String

    init(hosts: [CertificateHost], from now: Date) throws {
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
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(hosts.map(\.name))
            },
            issuerPrivateKey: Certificate.PrivateKey(signer))
        certificate = try made.serializeAsPEM().pemString + "\n"
        key = signer.pemRepresentation + "\n"
    }
}
