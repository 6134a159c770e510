import Gateway
import Logging
import ServiceLifecycle

/// Follows the files of TLS while the server runs: connections that come later get what is in them.
///
/// Fails safe: files that are broken, gone or do not fit each other change nothing, and are complained of
/// once.
struct CertificateWatch: Service {
    let files: CertificateFiles
    let identity: TLSIdentity
    /// Taken before what is in force was read.
    let stamps: [SmallFile.Stamp?]
    let logger: Logger

    func run() async throws {
        await FileWatch(stamps: stamps, look: { files.stamps() }).run { _ in await follow() }
    }

    private func follow() async {
        do {
            try await blocking { try files.use { try identity.replace(with: $0) } }
            logger.info("the certificate was read again")
        } catch {
            logger.error(
                "a file of TLS is broken: the certificate from before holds on",
                metadata: ["reason": "\(error)"])
        }
    }
}
