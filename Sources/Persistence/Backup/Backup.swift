/// Copies a data directory that a server may be using, without asking it.
public enum Backup {
    /// Blocks. Returns when the copy is durable under its name; every command that was acknowledged
    /// before the call is in it. After an error nothing is left of it.
    ///
    /// - Parameters:
    ///   - path: of a directory that is empty or does not exist; its parent must exist.
    /// - Throws: `BackupFault`, `Damage`, `DirectoryFault`, `StorageFault`.
    public static func run(
        _ storage: any Storage, to path: String, rulesVersion: UInt32,
        limits: PersistenceLimits = .init()
    ) throws -> BackupReport {
        let target = try BackupTarget(path)
        do {
            let report = try fill(
                target.storage, from: storage, rulesVersion: rulesVersion, limits: limits)
            try target.publish()
            return report
        } catch {
            target.discard()
            throw error
        }
    }

    /// Copies into a directory that is empty.
    package static func fill(
        _ target: any Storage, from storage: any Storage, rulesVersion: UInt32,
        limits: PersistenceLimits
    ) throws -> BackupReport {
        // In this order: what the mark speaks of is in the files that are opened later.
        let (key, identity, mark) = try SteadyLook.at {
            try Verification.identify(storage, rulesVersion: rulesVersion)
        }
        let source = try PinnedFiles(storage, choosing: BackupPlan.files)
        return try BackupCopy(
            source: source, target: target, identity: identity, limits: limits
        ).run(key: key, mark: mark)
    }
}
