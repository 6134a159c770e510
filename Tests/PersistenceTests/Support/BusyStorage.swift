import Persistence

/// A storage in which something happens right before one of the looks that are taken at it.
///
/// `@unchecked Sendable`: a backup looks at its source from the thread that it is called on, and
/// from no other.
final class BusyStorage: Storage, @unchecked Sendable {
    private let storage: MemoryStorage
    private var looksLeft: Int
    private var event: (() -> Void)?
    /// The name that the first listing misses: files that come while a directory is read may be
    /// listed or not.
    var missedByFirstListing: String?
    /// Files that are opened through this, by name.
    var disguise: ((String, any StorageFile) -> any StorageFile)?

    /// - Parameter looks: listings and openings before the event.
    init(_ storage: MemoryStorage, after looks: Int, event: @escaping () -> Void = {}) {
        self.storage = storage
        self.event = event
        looksLeft = looks
    }

    var location: String { storage.location }

    /// Whether there were as many looks.
    var hasHappened: Bool { event == nil }

    private func look() {
        looksLeft -= 1
        if looksLeft < 0, let event {
            self.event = nil
            event()
        }
    }

    func list() throws(StorageFault) -> [StorageEntry] {
        look()
        let missed = missedByFirstListing
        missedByFirstListing = nil
        return try storage.list().filter { $0.name != missed }
    }

    func open(_ name: String, for access: StorageAccess) throws(StorageFault) -> any StorageFile {
        look()
        let file = try storage.open(name, for: access)
        return disguise?(name, file) ?? file
    }

    func lock(createIfMissing: Bool) throws(StorageFault) -> any StorageLock {
        try storage.lock(createIfMissing: createIfMissing)
    }

    func rename(_ name: String, to newName: String) throws(StorageFault) {
        try storage.rename(name, to: newName)
    }

    func remove(_ name: String) throws(StorageFault) { try storage.remove(name) }

    func syncDirectory() throws(StorageFault) { try storage.syncDirectory() }
}
