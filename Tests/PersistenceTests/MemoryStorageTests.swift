import Persistence
import Testing

/// The other tests believe what this storage says about power cuts.
@Suite struct MemoryStorageTests {
    private func write(_ bytes: [UInt8], to file: any StorageFile, at offset: Int64) throws {
        try bytes.withUnsafeBytes { try file.write([$0], at: offset) }
    }

    @Test func whatWasNotSyncedIsGoneAfterAPowerCut() throws {
        let storage = MemoryStorage()
        let file = try storage.open("a", for: .create)
        try write([1, 2, 3], to: file, at: 0)
        try file.sync()
        #expect(try storage.afterPowerLoss().names() == [])
        try storage.syncDirectory()
        try write([9], to: file, at: 1)
        try write([7], to: file, at: 5000)
        #expect(try storage.afterPowerLoss().bytes(of: "a") == [1, 2, 3])
        #expect(try storage.afterProcessDeath().bytes(of: "a").count == 5001)
        #expect(try storage.afterPowerLoss().afterPowerLoss().bytes(of: "a") == [1, 2, 3])
    }

    @Test func eachSectorSurvivesByItself() throws {
        let storage = MemoryStorage()
        let file = try storage.open("a", for: .create)
        try write([UInt8](repeating: 1, count: 2048), to: file, at: 0)
        try file.sync()
        try storage.syncDirectory()
        try write([UInt8](repeating: 2, count: 2048), to: file, at: 0)
        let after = storage.afterPowerLoss { $0 == .sector(file: "a", offset: 512) }
        let bytes = try after.bytes(of: "a")
        #expect(bytes.count == 2048)
        #expect(bytes[511] == 1 && bytes[512] == 2 && bytes[1023] == 2 && bytes[1024] == 1)
    }

    @Test func renamingAndRemovingAreUndoneUntilTheDirectoryIsSynced() throws {
        let storage = MemoryStorage()
        try storage.replace("a", with: [1])
        try storage.replace("b", with: [2])
        try storage.rename("a", to: "b")
        #expect(try storage.names() == ["b"])
        #expect(try storage.afterPowerLoss().names() == ["a", "b"])
        #expect(try storage.afterPowerLoss { $0 == .names }.bytes(of: "b") == [1])
        try storage.syncDirectory()
        #expect(try storage.afterPowerLoss().bytes(of: "b") == [1])
    }

    @Test func growingBeyondTheCapacityIsRefusedAndOverwritingIsNot() throws {
        let storage = MemoryStorage(capacity: 100)
        let file = try storage.open("a", for: .create)
        try file.preallocate(100)
        #expect(throws: StorageFault.full(file: "a")) { try file.preallocate(101) }
        #expect(throws: StorageFault.full(file: "a")) { try write([1, 2], to: file, at: 99) }
        try write([1, 2], to: file, at: 98)
        #expect(try file.size() == 100)
    }

    @Test func aReadStopsAtTheEndOfTheFile() throws {
        let storage = MemoryStorage()
        let file = try storage.open("a", for: .create)
        try file.preallocate(10_000)
        try write([5], to: file, at: 9999)
        var bytes = [UInt8](repeating: 1, count: 5000)
        let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 8000) }
        #expect(count == 2000)
        #expect(bytes[0] == 0 && bytes[1999] == 5 && bytes[2000] == 1)
    }
}
