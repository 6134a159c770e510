import Synchronization

/// A directory in memory, for tests: it knows what a process that dies leaves behind, and what a
/// power cut does, can be made too small, and can be told to fail.
public final class MemoryStorage: Storage {
    private let disk: Mutex<MemoryDisk>

    /// - Parameter capacity: bytes of all files together; nil: no end.
    public convenience init(capacity: Int64? = nil) {
        self.init(MemoryDisk(capacity: capacity))
    }

    private init(_ disk: MemoryDisk) {
        self.disk = Mutex(disk)
    }

    public let location = "memory"

    /// Changes how many bytes all files together may have; nil: no end.
    public func setCapacity(_ bytes: Int64?) {
        disk.withLock { $0.capacity = bytes }
    }

    /// Has every operation ask first whether it is to fail; nil: none does.
    ///
    /// - Parameter fault: called with the operation and the file's name, under this storage's lock.
    public func intercept(
        _ fault: (@Sendable (StorageOperation, _ file: String) -> StorageFault?)?
    ) {
        disk.withLock { $0.fault = fault }
    }

    /// What the next process finds after this one has died: all that was written.
    public func afterProcessDeath() -> MemoryStorage {
        MemoryStorage(disk.withLock { $0.afterProcessDeath() })
    }

    /// What is found after the power was cut: all that was synced, and of the rest what `keeping`
    /// says.
    public func afterPowerLoss(keeping: (UnsyncedPart) -> Bool = { _ in false }) -> MemoryStorage {
        MemoryStorage(disk.withLock { $0.afterPowerLoss(keeping: keeping) })
    }

    public func lock(createIfMissing: Bool) throws(StorageFault) -> any StorageLock {
        try disk.withLock { disk throws(StorageFault) in
            try disk.lock(createIfMissing: createIfMissing)
        }
        return MemoryLock { [weak self] in self?.disk.withLock { $0.isLocked = false } }
    }

    public func list() throws(StorageFault) -> [StorageEntry] {
        try disk.withLock { disk throws(StorageFault) in try disk.list() }
    }

    public func open(_ name: String, for access: StorageAccess) throws(StorageFault)
        -> any StorageFile
    {
        let node = try disk.withLock { disk throws(StorageFault) in
            try disk.open(name, for: access)
        }
        return MemoryFile(name: name, node: node, storage: self)
    }

    public func rename(_ name: String, to newName: String) throws(StorageFault) {
        try disk.withLock { disk throws(StorageFault) in try disk.rename(name, to: newName) }
    }

    public func remove(_ name: String) throws(StorageFault) {
        try disk.withLock { disk throws(StorageFault) in try disk.remove(name) }
    }

    public func syncDirectory() throws(StorageFault) {
        try disk.withLock { disk throws(StorageFault) in try disk.syncDirectory() }
    }

    /// One operation on the content of an open file.
    func withNode<Value: Sendable>(
        _ node: Int, _ operation: StorageOperation, _ file: String,
        _ body: (inout MemoryNode, _ room: Int64) throws(StorageFault) -> Value
    ) throws(StorageFault) -> Value {
        try disk.withLock { disk throws(StorageFault) in
            try disk.withNode(node, operation, file, body)
        }
    }
}
