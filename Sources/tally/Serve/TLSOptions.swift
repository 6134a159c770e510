import ArgumentParser
import Gateway
import Logging

/// Encryption: the flags of `tally serve` that say it.
struct TLSOptions: ParsableArguments {
    @Option(
        name: .customLong("tls-certificate"),
        help: "Serve over TLS with this certificate, in PEM, and those that lead to its authority.")
    var certificate: String?

    @Option(name: .customLong("tls-key"), help: "Its private key, in PEM.")
    var key: String?

    @Option(
        name: .customLong("tls-client-ca"),
        help: "Let only clients in whose certificate one of these authorities signed, in PEM.")
    var clientAuthorities: String?

    func validate() throws {
        guard (certificate == nil) == (key == nil) else {
            throw ValidationError("--tls-certificate and --tls-key go together.")
        }
        guard clientAuthorities == nil || certificate != nil else {
            throw ValidationError("--tls-client-ca needs --tls-certificate and --tls-key.")
        }
    }

    /// Reads the files; nil when none are given.
    func watch(limits: TransportLimits, logger: Logger) async throws -> CertificateWatch? {
        guard let certificate, let key else { return nil }
        let files = CertificateFiles(
            certificate: SmallFile(path: certificate), key: SmallFile(path: key),
            clientAuthorities: clientAuthorities.map { SmallFile(path: $0) })
        do {
            return try await blocking {
                let stamps = files.stamps()
                return CertificateWatch(
                    files: files, identity: try files.use { try TLSIdentity($0, limits: limits) },
                    stamps: stamps,
                    logger: logger)
            }
        } catch {
            logger.critical("TLS cannot be served", metadata: ["reason": "\(error)"])
            throw ExitCode(ServiceStart.exitCode)
        }
    }
}
