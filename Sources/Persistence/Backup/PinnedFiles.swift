/// Some files of a directory, open, so that they can be read to their end whatever is renamed or
/// removed meanwhile.
///
/// A server goes on in the directory: it appends to the last segment, begins further ones, and
/// removes what is superseded. Here the listing stays as it was when the files were opened.
final class PinnedFiles: Storage {
    /// Each try fails only when the directory's files change between two listings of it.
    private static let tries = 1000

    let location: String
    private let entries: [StorageEntry]
    private let files: [String: any StorageFile]

    /// Opens the files that `choosing` names in a listing, and looks that a second listing leads to
    /// the same choice: then all of them were there at one instant, and none was overlooked that
    /// was there before.
    ///
    /// - Throws: `StorageFault`, `BackupFault.restless`.
    init(_ storage: any Storage, choosing: ([StorageEntry]) -> [String]) throws {
        location = storage.location
        for _ in 0..<Self.tries {
            let names = choosing(try storage.list())
            guard let files = try Self.open(names, of: storage) else { continue }
            let entries = try storage.list()
            guard choosing(entries) == names else { continue }
            self.files = files
            self.entries = entries.filter { files[$0.name] != nil }
            return
        }
        throw BackupFault.restless(path: storage.location)
    }

    /// nil when one of them is gone.
    private static func open(_ names: [String], of storage: any Storage) throws
        -> [String: any StorageFile]?
    {
        var files: [String: any StorageFile] = [:]
        for name in names {
            do {
                files[name] = try storage.open(name, for: .read)
            } catch {
                if case .missing = error { return nil }
                throw error
            }
        }
        return files
    }

    func list() -> [StorageEntry] { entries }

    func open(_ name: String, for access: StorageAccess) throws(StorageFault) -> any StorageFile {
        guard case .read = access else { preconditionFailure("a pinned file is written") }
        guard let file = files[name] else { throw .missing(file: name) }
        return file
    }

    func lock(createIfMissing: Bool) -> any StorageLock {
        preconditionFailure("pinned files are locked")
    }

    func rename(_ name: String, to newName: String) {
        preconditionFailure("a pinned file is renamed")
    }

    func remove(_ name: String) {
        preconditionFailure("a pinned file is removed")
    }

    func syncDirectory() {
        preconditionFailure("pinned files are synced")
    }
}
