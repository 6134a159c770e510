import Glibc

/// What the lock of `MemoryStorage` guards: names and files, as they are and as they were synced.
struct MemoryDisk: Sendable {
    var capacity: Int64?
    var fault: (@Sendable (StorageOperation, _ file: String) -> StorageFault?)?
    var isLocked = false
    private var names: [String: Int] = [:]
    private var syncedNames: [String: Int] = [:]
    private var nodes: [Int: MemoryNode] = [:]
    private var nextNode = 0

    init(capacity: Int64?) {
        self.capacity = capacity
    }

    mutating func lock(createIfMissing: Bool) throws(StorageFault) {
        try askFault(.lock, FileName.lock)
        if isLocked { throw .locked(path: "memory") }
        if names[FileName.lock] == nil {
            guard createIfMissing else { throw .missing(file: FileName.lock) }
            names[FileName.lock] = makeNode()
        }
        isLocked = true
    }

    func list() throws(StorageFault) -> [StorageEntry] {
        try askFault(.list, "")
        return names.map { StorageEntry(name: $0.key, size: nodes[$0.value]!.size) }
    }

    mutating func open(_ name: String, for access: StorageAccess) throws(StorageFault) -> Int {
        try askFault(access == .create ? .create : .open, name)
        if access == .create {
            // A file that is made empty is a new one here: what a power cut brings back of the
            // old one is then the whole of it, the worst that can happen.
            let node = makeNode()
            names[name] = node
            return node
        }
        guard let node = names[name] else { throw .missing(file: name) }
        return node
    }

    mutating func rename(_ name: String, to newName: String) throws(StorageFault) {
        try askFault(.rename, name)
        guard let node = names.removeValue(forKey: name) else { throw .missing(file: name) }
        names[newName] = node
    }

    mutating func remove(_ name: String) throws(StorageFault) {
        try askFault(.remove, name)
        guard names.removeValue(forKey: name) != nil else { throw .missing(file: name) }
    }

    mutating func syncDirectory() throws(StorageFault) {
        try askFault(.syncDirectory, "")
        syncedNames = names
        let reachable = Set(names.values)
        nodes = nodes.filter { reachable.contains($0.key) }
    }

    mutating func withNode<Value: Sendable>(
        _ node: Int, _ operation: StorageOperation, _ file: String,
        _ body: (inout MemoryNode, _ room: Int64) throws(StorageFault) -> Value
    ) throws(StorageFault) -> Value {
        try askFault(operation, file)
        guard nodes[node] != nil else { throw .missing(file: file) }
        let room = capacity.map { $0 - used } ?? .max
        return try body(&nodes[node]!, room)
    }

    func afterProcessDeath() -> MemoryDisk {
        copy(names: names) { _, node in node.afterProcessDeath() }
    }

    func afterPowerLoss(keeping: (UnsyncedPart) -> Bool) -> MemoryDisk {
        let keepsNames = names != syncedNames && keeping(.names)
        return copy(names: keepsNames ? names : syncedNames) { name, node in
            node.afterPowerLoss { keeping(.sector(file: name, offset: $0)) }
        }
    }

    private func copy(names: [String: Int], _ survivor: (String, MemoryNode) -> MemoryNode)
        -> MemoryDisk
    {
        var copy = MemoryDisk(capacity: capacity)
        for (name, node) in names.sorted(by: { $0.key < $1.key }) {
            let new = copy.makeNode()
            copy.nodes[new] = survivor(name, nodes[node]!)
            copy.names[name] = new
        }
        copy.syncedNames = copy.names
        return copy
    }

    /// Bytes of all files; one that was removed but not yet durably so still takes its room on a
    /// real disk, too, but only for a moment: not counted.
    private var used: Int64 {
        names.values.reduce(0) { $0 + nodes[$1]!.size }
    }

    private mutating func makeNode() -> Int {
        nextNode += 1
        nodes[nextNode] = MemoryNode()
        return nextNode
    }

    private func askFault(_ operation: StorageOperation, _ file: String) throws(StorageFault) {
        if let fault = fault?(operation, file) { throw fault }
    }
}
