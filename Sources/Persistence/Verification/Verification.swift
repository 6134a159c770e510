/// Reads a data directory byte by byte, and changes nothing in it.
public enum Verification {
    /// Takes the lock. Goes through the journal from its first record to its last, and through
    /// every snapshot.
    ///
    /// `target` gets everything in the order of positions: `begin` with what there is to build on (nil
    /// for the beginning of all, else the oldest snapshot, whose chunks follow), records, and at the
    /// position of every further snapshot `begin`, its chunks and `endSnapshot`, to be compared with
    /// the state that the records before led to; then further records.
    ///
    /// - Throws: `Damage`, `DirectoryFault`, `StorageFault` (`missing` if it is no data
    ///   directory), and what `target` throws.
    public static func run(
        _ storage: any Storage, rulesVersion: UInt32, limits: PersistenceLimits = .init(),
        into target: some ReplayTarget
    ) throws -> VerificationReport {
        let lock = try storage.lock(createIfMissing: false)
        defer { withExtendedLifetime(lock) {} }
        let content = DirectoryContent(try storage.list())
        guard let key = try KeyFile.read(from: storage) else {
            if let file = content.anyData { throw DirectoryFault.keyMissing(beside: file) }
            throw StorageFault.missing(file: FileName.key)
        }
        let identity = FileIdentity(
            rulesVersion: rulesVersion, fingerprint: KeyFingerprint(of: key))
        guard let mark = try DurableMark.read(from: storage, identity: identity) else {
            throw DurableMark.missing
        }
        let walk = VerificationWalk(
            storage: storage, identity: identity, readBytes: limits.readBytes,
            content: content, target: target)
        return try walk.run(mark: mark)
    }
}
