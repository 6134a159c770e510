/// One flat directory of files: everything that journal, snapshots and recovery ask of a disk.
///
/// Calls block. Nothing is durable before `StorageFile.sync` (content) and `syncDirectory`
/// (names) have returned.
public protocol Storage: AnyObject, Sendable {
    /// Where this is, for messages.
    var location: String { get }

    /// Takes the directory for this process alone, until the returned lock is released.
    ///
    /// - Throws: `locked` when another process has it; `missing` when there is no lock file and
    ///   none may be created.
    func lock(createIfMissing: Bool) throws(StorageFault) -> any StorageLock
    /// All files, in no particular order.
    func list() throws(StorageFault) -> [StorageEntry]
    func open(_ name: String, for access: StorageAccess) throws(StorageFault) -> any StorageFile
    /// Replaces what stands under `newName`, atomically.
    func rename(_ name: String, to newName: String) throws(StorageFault)
    func remove(_ name: String) throws(StorageFault)
    /// Makes every creation, renaming and removal so far durable.
    func syncDirectory() throws(StorageFault)
}

extension Storage {
    /// A whole small file, or nil if it does not exist.
    func contents(of name: String, atMost limit: Int) throws(StorageFault) -> [UInt8]? {
        let file: any StorageFile
        do {
            file = try open(name, for: .read)
        } catch {
            if case .missing = error { return nil }
            throw error
        }
        var bytes = [UInt8](repeating: 0, count: limit)
        var outcome: Result<Int, StorageFault> = .success(0)
        bytes.withUnsafeMutableBytes { buffer in
            outcome = Result { () throws(StorageFault) in try file.read(into: buffer, at: 0) }
        }
        bytes.removeLast(limit - (try outcome.get()))
        return bytes
    }

    /// Creates or replaces a small file so that it is, at every instant, the old one or the
    /// new one: temporary file, sync, rename, sync of the directory.
    func replace(_ name: String, with bytes: [UInt8]) throws(StorageFault) {
        let temporary = name + FileName.temporarySuffix
        let file = try open(temporary, for: .create)
        try file.write(bytes, at: 0)
        try file.sync()
        try rename(temporary, to: name)
        try syncDirectory()
    }
}
