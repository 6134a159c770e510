/// A data directory that this process has taken: its lock, its key, its mark.
///
/// The lock is held while this object, or a journal that recovery made from it, lives.
public final class DataDirectory: Sendable {
    public let key: DirectoryKey
    /// Carried by every file; names the key without giving it away.
    public let fingerprint: KeyFingerprint
    /// Carried by every file; a file with another one is refused.
    public let rulesVersion: UInt32
    public let limits: PersistenceLimits
    let storage: any Storage
    let mark: DurableMark
    private let lock: any StorageLock

    /// Takes the lock, and reads the key and the mark; a directory with nothing in it gets them.
    ///
    /// - Parameters:
    ///   - rulesVersion: of the machine that folds what is read, and whose commands are written.
    /// - Throws: `StorageFault` (`locked` when another process has the directory),
    ///   `DirectoryFault` for data without a key or of another kind, `Damage`.
    public static func open(
        _ storage: any Storage, rulesVersion: UInt32, limits: PersistenceLimits = .init()
    ) throws -> DataDirectory {
        precondition(
            limits.segmentBytes >= limits.largestSegmentUse,
            "a segment is too small for the largest record")
        let lock = try storage.lock(createIfMissing: true)
        let content = DirectoryContent(try storage.list())
        let key: DirectoryKey
        if let existing = try KeyFile.read(from: storage) {
            key = existing
        } else if let file = content.anyData {
            throw DirectoryFault.keyMissing(beside: file)
        } else {
            key = try KeyFile.create(in: storage)
        }
        let identity = FileIdentity(
            rulesVersion: rulesVersion, fingerprint: KeyFingerprint(of: key))
        let reading: DurableMark.Reading
        if let existing = try DurableMark.read(from: storage, identity: identity) {
            reading = existing
        } else if content.hasRecords {
            throw DurableMark.missing
        } else {
            reading = try DurableMark.create(in: storage, identity: identity)
        }
        return DataDirectory(
            storage: storage, lock: lock, key: key, identity: identity, limits: limits,
            mark: DurableMark(storage: storage, identity: identity, reading: reading))
    }

    private init(
        storage: any Storage, lock: any StorageLock, key: DirectoryKey, identity: FileIdentity,
        limits: PersistenceLimits, mark: DurableMark
    ) {
        self.storage = storage
        self.lock = lock
        self.key = key
        self.fingerprint = identity.fingerprint
        self.rulesVersion = identity.rulesVersion
        self.limits = limits
        self.mark = mark
    }

    var identity: FileIdentity {
        FileIdentity(rulesVersion: rulesVersion, fingerprint: fingerprint)
    }
}
