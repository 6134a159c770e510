internal import NIOSSL
internal import Synchronization

/// What the server proves itself with. It may be replaced while it serves: connections that are open keep
/// what they began with.
package final class TLSIdentity: Sendable {
    static let http2 = "h2"
    static let http1 = "http/1.1"

    private let limits: TransportLimits
    private let current: Mutex<NIOSSLContext>

    /// - Throws: `TLSMaterial.Fault`
    package init(_ material: TLSMaterial, limits: TransportLimits = TransportLimits()) throws {
        self.limits = limits
        current = Mutex(try Self.makeContext(material, limits))
    }

    /// For connections from now on; when it throws, what was before holds on.
    ///
    /// - Throws: `TLSMaterial.Fault`
    package func replace(with material: TLSMaterial) throws {
        let context = try Self.makeContext(material, limits)
        current.withLock { $0 = context }
    }

    var context: NIOSSLContext { current.withLock { $0 } }

    private static func makeContext(
        _ material: TLSMaterial, _ limits: TransportLimits
    ) throws -> NIOSSLContext {
        let chain = try certificates(material.certificates, .certificate)
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(bytes: material.key, format: .pem)
        } catch {
            throw TLSMaterial.Fault(part: .key, description: "it holds no private key in PEM")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = [http2, http1]
        configuration.shutdownTimeout = limits.linger
        if let authorities = material.clientAuthorities {
            configuration.trustRoots = .certificates(
                try certificates(authorities, .clientAuthority))
            // A client has no host name that could be checked.
            configuration.certificateVerification = .noHostnameVerification
            configuration.sendCANameList = true
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw TLSMaterial.Fault(
                part: .key, description: "the key does not fit the certificate (\(error))")
        }
    }

    private static func certificates(
        _ pem: [UInt8], _ part: TLSMaterial.Part
    ) throws -> [NIOSSLCertificate] {
        guard let found = try? NIOSSLCertificate.fromPEMBytes(pem), !found.isEmpty else {
            throw TLSMaterial.Fault(part: part, description: "it holds no certificate in PEM")
        }
        return found
    }
}
