import Glibc

/// The directory that a backup becomes: made under the name `….partial`, and renamed when it is whole.
final class BackupTarget {
    static let partialSuffix = ".partial"

    /// Empty, and this process's alone.
    let storage: FileStorage
    private let path: String
    private let name: String
    /// What the directory is called now.
    private var presentName: String
    private let parent: Int32
    private let lock: any StorageLock

    /// Makes the directory. What a backup that was killed left there is removed.
    ///
    /// - Throws: `BackupFault`, `StorageFault`.
    init(_ path: String) throws {
        let path = Self.trimmed(path)
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard let name = parts.last, !["", ".", ".."].contains(name) else {
            throw BackupFault.targetUnusable(path: path)
        }
        if try Self.isTaken(path) { throw BackupFault.targetTaken(path: path) }
        self.path = path
        self.name = String(name)
        presentName = self.name + Self.partialSuffix
        parent = try Self.openParent(of: path)
        let partial = path + Self.partialSuffix
        do {
            storage = try FileStorage(path: partial)
            lock = try storage.lock(createIfMissing: true)
        } catch {
            // Done only if nothing is in it.
            _ = DiskCall.removeDirectory(presentName, in: parent)
            close(parent)
            if case .locked = error { throw BackupFault.targetBusy(path: path) }
            throw error
        }
        try clear()
    }

    /// What a backup that was killed has left is taken away; nothing else is.
    private func clear() throws {
        let partial = path + Self.partialSuffix
        // It may have been finished, and renamed, before it could be locked here.
        guard storage.stands(at: partial) else { throw BackupFault.targetBusy(path: path) }
        for entry in try storage.list() where entry.name != FileName.lock {
            guard FileName.isOurs(entry.name) else {
                throw BackupFault.leftOverIsForeign(path: partial, file: entry.name)
            }
            try storage.remove(entry.name)
        }
    }

    private static func openParent(of path: String) throws -> Int32 {
        let slash = path.lastIndex(of: "/")
        let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor < 0 {
            if errno == ENOENT { throw BackupFault.parentMissing(path: parent) }
            throw FileStorage.fault(.openDirectory, parent, errno)
        }
        return descriptor
    }

    deinit {
        close(parent)
    }

    /// Returns when the directory stands durably under its own name.
    func publish() throws {
        if DiskCall.renameDirectory(presentName, to: name, in: parent) != 0 {
            // An empty directory is replaced.
            if [ENOTEMPTY, EEXIST, ENOTDIR].contains(errno) {
                throw BackupFault.targetTaken(path: path)
            }
            throw FileStorage.fault(.rename, presentName, errno)
        }
        presentName = name
        if DiskCall.syncDirectory(parent, "parent") != 0 {
            throw FileStorage.fault(.syncDirectory, path + "/..", errno)
        }
    }

    /// Removes everything, after a fault. The fault is what counts: what cannot be removed has a name
    /// that says what it is, and goes with the next backup.
    func discard() {
        for entry in (try? storage.list()) ?? [] {
            try? storage.remove(entry.name)
        }
        _ = DiskCall.removeDirectory(presentName, in: parent)
    }

    private static func trimmed(_ path: String) -> String {
        var path = path
        while path.count > 1, path.last == "/" { path.removeLast() }
        return path
    }

    /// Whether there is anything but an empty directory.
    private static func isTaken(_ path: String) throws(StorageFault) -> Bool {
        guard let stream = opendir(path) else {
            if errno == ENOENT { return false }
            if errno == ENOTDIR { return true }
            throw FileStorage.fault(.openDirectory, path, errno)
        }
        defer { closedir(stream) }
        // Beside the two entries that every directory has.
        var count = 0
        while readdir(stream) != nil { count += 1 }
        return count > 2
    }
}
