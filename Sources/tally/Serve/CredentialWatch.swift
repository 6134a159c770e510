import Gateway
import Logging
import ServiceLifecycle

/// Follows the files of credentials while the server runs.
///
/// Fails safe: a file that is broken or gone changes nothing of what holds, and is complained of once.
struct CredentialWatch: Service {
    /// How often it is looked whether a file is another one.
    static let interval = Duration.milliseconds(250)

    let files: CredentialFiles
    let access: AccessControl
    /// Taken before the policy in force was read.
    let stamps: [SmallFile.Stamp?]
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var seen = stamps
            var wasThere = stamps.map { $0 != nil }
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.interval)
                // Before the reading: a change in between is seen the next time.
                guard let found = try? await blocking({ files.stamps() }), found != seen else {
                    continue
                }
                seen = found
                wasThere = zip(wasThere, found).map { $0 || $1 != nil }
                await follow(areAllThere: zip(wasThere, found).allSatisfy { !$0 || $1 != nil })
            }
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
