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
    /// - Throws: `Damage`, `DirectoryFault` (`noData` if it is no data directory), `StorageFault`, and
    ///   what `target` throws.
    public static func run(
        _ storage: any Storage, rulesVersion: UInt32, limits: PersistenceLimits = .init(),
        into target: some ReplayTarget
    ) throws -> VerificationReport {
        let lock = try lock(storage)
        defer { withExtendedLifetime(lock) {} }
        let content = DirectoryContent(try storage.list())
        let (_, identity, mark) = try identify(storage, rulesVersion: rulesVersion)
        let walk = VerificationWalk(
            storage: storage, identity: identity, readBytes: limits.readBytes,
            content: content, target: target)
        return try walk.run(mark: mark)
    }

    /// nil if there is no lock file, as in a copy made by hand: then nobody can hold it.
    private static func lock(_ storage: any Storage) throws(StorageFault) -> (any StorageLock)? {
        do {
            return try storage.lock(createIfMissing: false)
        } catch {
            if case .missing = error { return nil }
            throw error
        }
    }

    /// Reads the key and the mark of a directory.
    ///
    /// - Throws: `DirectoryFault` (`noData` if it is no data directory), `Damage`, `StorageFault`.
    static func identify(_ storage: any Storage, rulesVersion: UInt32) throws
        -> (key: DirectoryKey, identity: FileIdentity, mark: DurableMark.Reading)
    {
        guard let key = try KeyFile.read(from: storage) else {
            if let file = DirectoryContent(try storage.list()).anyData {
                throw DirectoryFault.keyMissing(beside: file)
            }
            throw DirectoryFault.noData(path: storage.location)
        }
        let identity = FileIdentity(
            rulesVersion: rulesVersion, fingerprint: KeyFingerprint(of: key))
        guard let mark = try DurableMark.read(from: storage, identity: identity) else {
            throw DurableMark.missing
        }
        return (key, identity, mark)
    }
}
