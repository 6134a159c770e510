import Gateway
import Logging
import ServiceLifecycle

/// Follows the files of credentials while the server runs.
///
/// Fails safe: a file that is broken or gone changes nothing of what holds, and is complained of once.
struct CredentialWatch: Service {
    let files: CredentialFiles
    let access: AccessControl
    /// Taken before the policy in force was read.
    let stamps: [SmallFile.Stamp?]
    let logger: Logger

    func run() async throws {
        await FileWatch(stamps: stamps, look: { files.stamps() }).run {
            await follow(areAllThere: $0)
        }
    }

    /// - Parameter areAllThere: no file is gone that was there since the start.
    private func follow(areAllThere: Bool) async {
        guard areAllThere else {
            logger.error("a file of credentials is gone: what held before holds on")
            return
        }
        do {
            access.enforce(try await files.policy())
            logger.info("credentials were read again")
        } catch {
            logger.error(
                "a file of credentials is broken: what held before holds on",
                metadata: ["reason": "\(error)"])
        }
    }
}
