import ArgumentParser
import Gateway
import Logging
import TallyActors

/// Who may do what: the flags of `tally serve` that say it.
struct IdentityOptions: ParsableArguments {
    @Option(
        name: .customLong("trust-key"),
        help: "Trust JWTs signed by a key of this file: public keys in PEM, or a JWK Set.")
    var trustKey: [String] = []

    @Option(help: "What their claim iss must be.")
    var issuer: String?

    @Option(help: "What their claim aud must name.")
    var audience: String?

    @Option(help: "Let pages of this origin use the server from a browser: https://vote.example.")
    var allowOrigin: [String] = []

    @Flag(
        help: """
            Start on an address that others reach without TLS, and without a token or key: then everybody may \
            do everything but see withheld results.
            """)
    var insecure = false

    func validate() throws {
        guard trustKey.isEmpty == (issuer == nil), trustKey.isEmpty == (audience == nil) else {
            throw ValidationError("--trust-key, --issuer and --audience go together.")
        }
        for origin in allowOrigin where !AllowedOrigins.isOrigin(origin) {
            throw ValidationError(
                "'\(origin)' is no origin: it is as https://vote.example, in lower case, without a path."
            )
        }
    }

    /// Reads the credentials, and says whether a server may start with them.
    func credentials(
        data: String, listen: ListenAddress, hasTLS: Bool, logger: Logger
    ) async throws -> CredentialWatch {
        let rules = issuer.flatMap { issuer in
            audience.map { JWTRules(issuer: issuer, audience: $0) }
        }
        let files = CredentialFiles(data: data, keyFiles: trustKey, rules: rules)
        let stamps = try await blocking { files.stamps() }
        let policy: AccessPolicy
        do {
            policy = try await files.policy()
        } catch {
            logger.critical(
                "the credentials cannot be read", metadata: ["reason": "\(error)"])
            throw ExitCode(ServiceStart.exitCode)
        }
        let missing = StartRule.missing(
            isLoopback: listen.isLoopback, hasTLS: hasTLS,
            hasCredentials: policy.hasCredentials, isInsecure: insecure)
        if let missing { throw ValidationError(Self.words(missing, listen.host)) }
        return CredentialWatch(
            files: files, access: AccessControl(policy, clock: SystemClock()), stamps: stamps,
            logger: logger)
    }

    private static func words(_ missing: StartRule.Missing, _ host: String) -> String {
        let what =
            switch missing {
            case .encryption: "there is no TLS, so whoever listens on the way could read and vote"
            case .credentials:
                "there is no token or key yet, so whoever reaches it could do everything"
            case .both:
                "there is neither TLS nor a token or key, so whoever reaches it could do everything"
            }
        return """
            \(host) is not a loopback address, and \(what). Listen on 127.0.0.1, or say --insecure if \
            something else keeps strangers out.
            """
    }
}
