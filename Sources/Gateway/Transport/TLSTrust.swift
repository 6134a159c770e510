internal import NIOCore
internal import NIOSSL

/// Whom a client believes that it speaks to the server that it asked for. One for all connections of a run:
/// making it reads every authority.
package final class TLSTrust: Sendable {
    /// There is no certificate where authorities should be.
    package struct Fault: Error, CustomStringConvertible {
        package var description: String
    }

    private let context: NIOSSLContext

    /// Blocks while it reads the system's authorities.
    ///
    /// - Parameter authorities: in PEM, and no others are trusted then; a server's certificate that signs
    ///   itself may be one. nil: those of the system.
    /// - Throws: `Fault`
    package init(authorities: [UInt8]?, limits: TransportLimits = TransportLimits()) throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = [TLSIdentity.http2]
        configuration.shutdownTimeout = limits.linger
        if let authorities {
            guard let found = try? NIOSSLCertificate.fromPEMBytes(authorities), !found.isEmpty
            else { throw Fault(description: "it holds no certificate in PEM") }
            configuration.trustRoots = .certificates(found)
        }
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw Fault(description: "its certificates cannot be used (\(error))")
        }
    }

    /// - Parameter host: what the certificate must be for: a name, or an address.
    func makeHandler(host: String) throws -> NIOSSLClientHandler {
        // An address is none of the names that TLS knows (RFC 6066, 3); the certificate is then compared
        // with the address of the connection.
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host)
    }
}

extension TLSTrust: Equatable {
    package static func == (one: TLSTrust, other: TLSTrust) -> Bool { one === other }
}
