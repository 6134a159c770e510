import Persistence

/// The disk of a simulation: before each operation others have their turn, and at one of them the
/// machine dies. What it leaves is `image`; the operations after that go into the void.
///
/// `@unchecked Sendable`: one thread runs all of a simulation.
final class SimulatedDisk: Storage, @unchecked Sendable {
    /// For how many more operations the one at which the machine dies is waited for.
    private static let patience = 50

    let memory: MemoryStorage
    private let fate: Fate
    private let clock: SimulatedClock
    /// Until the machine is to die.
    private var operationsLeft: Int
    /// The operation at which it then dies; nil for any.
    private let lastOperation: String?
    /// What the next process finds; nil while this one lives.
    private(set) var image: MemoryStorage?
    /// Called where another thread may have its turn.
    var interlude: (() -> Void)?
    var whenDead: (() -> Void)?

    init(_ memory: MemoryStorage, fate: Fate, clock: SimulatedClock, operations: Int) {
        self.memory = memory
        self.fate = fate
        self.clock = clock
        operationsLeft = operations
        let last = [
            "write", "write", "sync", "sync", "sync", "sync directory", "create", "rename",
            "remove",
        ]
        lastOperation =
            operations < 30 || fate.oneIn(3) ? nil : last.randomElement(using: &fate.random)
    }

    var isDead: Bool { image != nil }

    let location = "simulation"

    func lock(createIfMissing: Bool) throws(StorageFault) -> any StorageLock {
        try memory.lock(createIfMissing: createIfMissing)
    }

    /// In any order, as a real directory.
    func list() throws(StorageFault) -> [StorageEntry] {
        try memory.list().sorted { $0.name < $1.name }.shuffled(using: &fate.random)
    }

    func open(_ name: String, for access: StorageAccess) throws(StorageFault) -> any StorageFile {
        guard access == .create else {
            return SimulatedFile(try memory.open(name, for: access), name: name, disk: self)
        }
        return try change("create", name) { () throws(StorageFault) in
            SimulatedFile(try memory.open(name, for: access), name: name, disk: self)
        }
    }

    func rename(_ name: String, to newName: String) throws(StorageFault) {
        try change("rename", newName) { () throws(StorageFault) in
            try memory.rename(name, to: newName)
        }
    }

    func remove(_ name: String) throws(StorageFault) {
        if name.hasSuffix(".seg") { fate.happened(.segmentsRemoved) }
        try change("remove", name) { () throws(StorageFault) in try memory.remove(name) }
    }

    func syncDirectory() throws(StorageFault) {
        try change("sync directory", "") { () throws(StorageFault) in try memory.syncDirectory() }
    }

    /// Does something that changes the disk.
    ///
    /// - Parameter part: does a part of it, as a process that dies meanwhile.
    func change<Value>(
        _ operation: StaticString, _ file: String, part: (() -> Void)? = nil,
        _ body: () throws(StorageFault) -> Value
    ) throws(StorageFault) -> Value {
        // The mark is written under a lock: others would wait for it.
        if !isDead, file != "durable-mark" { interlude?() }
        if isDead { return try body() }
        fate.note(operation)
        fate.note(file)
        if fate.oneIn(16) { clock.advance(by: fate.int(1..<30)) }
        operationsLeft -= 1
        let isLast =
            operationsLeft <= 0 && (lastOperation == nil || lastOperation == "\(operation)")
        // Some operations are rare.
        guard isLast || operationsLeft < -Self.patience else { return try body() }
        if let part, fate.oneIn(3) {
            fate.happened(.deathInWrite)
            part()
            die(powerFails: false)
            return try body()
        }
        let powerFails = !fate.oneIn(3)
        // Most is lost when all was written and nothing is durable.
        let isSync = "\(operation)".hasPrefix("sync")
        if fate.oneIn(5) != isSync { die(powerFails: powerFails) }
        defer { if !isDead { die(powerFails: powerFails) } }
        return try body()
    }

    /// The machine dies now.
    func die(powerFails: Bool) {
        if powerFails { fate.happened(.powerLoss) }
        image = powerFails ? imageOfPowerLoss() : memory.afterProcessDeath()
        fate.note("death", powerFails ? 1 : 0)
        whenDead?()
        noteImage()
    }

    /// As much of so many bytes as a process has written when it dies.
    func share(of count: Int) -> Int { fate.int(0..<count + 1) }

    private func imageOfPowerLoss() -> MemoryStorage {
        let loss = PowerLoss(fate)
        let image = memory.afterPowerLoss { loss.keeps($0) }
        if loss.isTorn { fate.happened(.tornSectors) }
        if loss.losesSomeNames { fate.happened(.someNameChangesLost) }
        return image
    }

    private func noteImage() {
        guard let image, let files = try? image.contents() else { return fate.fail("no image") }
        for (name, bytes) in files {
            fate.note(name)
            fate.noteContent(bytes)
        }
    }
}

/// What one power loss keeps of what was not synced.
private final class PowerLoss {
    private enum Pattern { case nothing, everything, first, last, some }

    private let fate: Fate
    private let sectors: Pattern
    private let names: Pattern
    /// Bytes that are kept or lost as one: the disk's sectors.
    private let sectorBytes: Int64
    /// In percent.
    private let share: Int
    /// Sectors and names from which on a pattern changes.
    private let turning: Int
    private var sectorsAsked = 0
    private var namesAsked = 0
    private var place: (file: String, sector: Int64)?
    private var isKept = false
    private var keptSectors = 0
    private var keptNames = 0

    init(_ fate: Fate) {
        self.fate = fate
        let patterns: [Pattern] = [.nothing, .everything, .first, .last, .some, .some, .some]
        sectors = patterns.randomElement(using: &fate.random)!
        names = patterns.randomElement(using: &fate.random)!
        sectorBytes = fate.oneIn(3) ? 4096 : 512
        share = [10, 50, 90][fate.int(0..<3)]
        turning = fate.int(1..<6)
    }

    func keeps(_ part: UnsyncedPart) -> Bool {
        switch part {
        case .names: return names == .everything
        case .nameChange:
            namesAsked += 1
            let isKept = keeps(names, namesAsked)
            if isKept { keptNames += 1 }
            return isKept
        case .size: return fate.oneIn(2)
        case .sector(let file, let offset):
            let sector = offset / sectorBytes
            if place?.file != file || place?.sector != sector {
                place = (file, sector)
                sectorsAsked += 1
                isKept = keeps(sectors, sectorsAsked)
                if isKept { keptSectors += 1 }
            }
            return isKept
        }
    }

    var isTorn: Bool { keptSectors > 0 && keptSectors < sectorsAsked }
    var losesSomeNames: Bool { keptNames > 0 && keptNames < namesAsked }

    private func keeps(_ pattern: Pattern, _ number: Int) -> Bool {
        switch pattern {
        case .nothing: false
        case .everything: true
        case .first: number <= turning
        case .last: number > turning
        case .some: fate.int(0..<100) < share
        }
    }
}

extension MemoryStorage {
    /// All files, by name.
    func contents() throws -> [(name: String, bytes: [UInt8])] {
        try list().sorted { $0.name < $1.name }.map { entry in
            let file = try open(entry.name, for: .read)
            var bytes = [UInt8](repeating: 0, count: Int(entry.size))
            let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
            bytes.removeLast(bytes.count - count)
            return (entry.name, bytes)
        }
    }
}
