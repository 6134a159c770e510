import Glibc

/// What the lock of `MemoryStorage` guards: names and files, as they are and as they were synced.
struct MemoryDisk: Sendable {
    var capacity: Int64?
    var fault: (@Sendable (StorageOperation, _ file: String) -> StorageFault?)?
    var isLocked = false
    private var names: [String: Int] = [:]
    private var syncedNames: [String: Int] = [:]
    /// What makes `names` of `syncedNames`, in order.
    private var nameChanges: [NameChange] = []
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
            change(.put(FileName.lock, makeNode()))
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
            change(.put(name, node))
            return node
        }
        guard let node = names[name] else { throw .missing(file: name) }
        return node
    }

    mutating func rename(_ name: String, to newName: String) throws(StorageFault) {
        try askFault(.rename, name)
        guard let node = names[name] else { throw .missing(file: name) }
        change(.rename(name, to: newName, node))
    }

    mutating func remove(_ name: String) throws(StorageFault) {
        try askFault(.remove, name)
        guard let node = names[name] else { throw .missing(file: name) }
        change(.remove(name, node))
    }

    mutating func syncDirectory() throws(StorageFault) {
        try askFault(.syncDirectory, "")
        syncedNames = names
        nameChanges = []
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
        // What was not synced stays so: the next power cut may still take it.
        var copy = self
        copy.fault = nil
        copy.isLocked = false
        return copy
    }

    func afterPowerLoss(keeping: (UnsyncedPart) -> Bool) -> MemoryDisk {
        var kept = syncedNames
        if !nameChanges.isEmpty, keeping(.names) {
            kept = names
        } else {
            for (index, change) in nameChanges.enumerated() where keeping(.nameChange(index)) {
                change.apply(to: &kept)
            }
        }
        var copy = MemoryDisk(capacity: capacity)
        for (name, node) in kept.sorted(by: { $0.key < $1.key }) {
            let new = copy.makeNode()
            copy.nodes[new] = nodes[node]!.afterPowerLoss(
                keepingSize: { keeping(.size(file: name)) },
                keeping: { keeping(.sector(file: name, offset: $0)) })
            copy.names[name] = new
        }
        copy.syncedNames = copy.names
        return copy
    }

    private mutating func change(_ change: NameChange) {
        change.apply(to: &names)
        nameChanges.append(change)
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

/// One change of a directory. Which of several reach the disk before a power cut is up to the disk.
private enum NameChange: Sendable {
    case put(String, Int)
    case rename(String, to: String, Int)
    case remove(String, Int)

    func apply(to names: inout [String: Int]) {
        switch self {
        case .put(let name, let node):
            names[name] = node
        case .rename(let name, let newName, let node):
            if names[name] == node { names[name] = nil }
            names[newName] = node
        case .remove(let name, let node):
            if names[name] == node { names[name] = nil }
        }
    }
}
