import Persistence
import Testing

@Suite struct DataDirectoryTests {
    @Test func theKeyIsMadeOnceAndStays() throws {
        let storage = MemoryStorage()
        let first = try Process(storage).directory.key
        let second = try Process(storage.afterPowerLoss()).directory.key
        #expect(first == second)
        #expect(first != (try Process(MemoryStorage()).directory.key))
    }

    @Test func theKeyIsNotShownByAccident() throws {
        let directory = try Process(MemoryStorage()).directory
        #expect("\(directory.key)" == "DirectoryKey(secret)")
        #expect(String(reflecting: directory.key) == "DirectoryKey(secret)")
        var dumped = ""
        dump(directory.key, to: &dumped)
        #expect(!dumped.contains("low"))
    }

    @Test func onlyOneProcessHasADirectory() throws {
        let storage = MemoryStorage()
        var holder: Process? = try Process(storage)
        #expect(throws: StorageFault.locked(path: "memory")) { try Process(storage) }
        #expect(holder != nil)
        holder = nil
        _ = try Process(storage)
    }

    @Test func aJournalHoldsTheLockByItself() throws {
        let storage = MemoryStorage()
        var journal: SegmentedJournal? = try Process(storage).journal
        #expect(throws: StorageFault.self) { try Process(storage) }
        #expect(journal?.lastSequence == 0)
        journal = nil
        _ = try Process(storage)
    }

    @Test func dataWithoutItsKeyIsRefused() throws {
        let storage = MemoryStorage()
        try Process(storage).append()
        let copy = storage.afterProcessDeath()
        try copy.remove("key")
        #expect(
            throws: DirectoryFault.keyMissing(beside: "journal-00000000000000000001.seg")
        ) { try Process(copy) }
    }

    @Test func dataOfAnotherKeyIsRefused() throws {
        let storage = MemoryStorage()
        try Process(storage).append()
        let stranger = MemoryStorage()
        _ = try Process(stranger)
        let copy = storage.afterProcessDeath()
        try copy.replace("key", with: try stranger.bytes(of: "key"))
        #expect(throws: DirectoryFault.otherKey(file: "durable-mark")) { try Process(copy) }
        try copy.replace("durable-mark", with: try stranger.bytes(of: "durable-mark"))
        #expect(
            throws: DirectoryFault.otherKey(file: "journal-00000000000000000001.seg")
        ) { try Process(copy) }
    }

    @Test func rulesThatAreNotKnownAreRefused() throws {
        let storage = MemoryStorage()
        try Process(storage).append()
        #expect(throws: DirectoryFault.unknownRules(file: "durable-mark", version: 7, known: 8)) {
            try DataDirectory.open(storage.afterProcessDeath(), rulesVersion: 8)
        }
    }

    @Test func filesThatAreNotOursAreLeftAlone() throws {
        let storage = MemoryStorage()
        try storage.replace("README", with: [1])
        try storage.replace("journal-12.seg", with: [2])
        try storage.replace("journal-00000000000000000000.seg", with: [3])
        try storage.replace("snapshot-18446744073709551615.snap", with: [4])
        try Process(storage).append()
        let copy = storage.afterProcessDeath()
        #expect(try Process(copy).report.lastSequence == 3)
        #expect(try copy.bytes(of: "README") == [1])
        #expect(try copy.bytes(of: "journal-12.seg") == [2])
    }

    @Test func temporaryFilesGoAtAStart() throws {
        let storage = MemoryStorage()
        try Process(storage).append()
        let copy = storage.afterProcessDeath()
        try copy.replace("snapshot-00000000000000000003.snap.tmp", with: [1, 2])
        _ = try Process(copy)
        #expect(try copy.names().allSatisfy { !$0.hasSuffix(".tmp") })
    }

    @Test func faultsSayWhatTheyAre() {
        #expect(
            StorageFault.locked(path: "/data").description
                == "another process holds the data directory '/data'")
        #expect(
            StorageFault.failed(operation: .sync, file: "x", code: 5).description
                == "cannot sync 'x': Input/output error (errno 5)")
        #expect(
            Damage(file: "a.seg", offset: 96, reason: "it is torn").description
                == "'a.seg' is damaged at byte 96: it is torn")
    }
}
