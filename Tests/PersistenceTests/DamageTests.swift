import Persistence
import Testing

/// What was acknowledged and does not come back stops the start, with file and offset.
@Suite struct DamageTests {
    /// Three segments, two snapshots, everything marked as durable.
    private func closedDirectory() throws -> MemoryStorage {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append(records: 12, bytes: 300)
        try process.snapshot()
        try process.append(records: 7, bytes: 133)
        try process.snapshot()
        try process.append(records: 9, bytes: 133)
        try process.journal.close()
        return storage.afterProcessDeath()
    }

    @Test func everyBitOfTheJournalIsGuarded() throws {
        let original = MemoryStorage()
        let process = try Process(original)
        try process.append(records: 24, bytes: 301)
        try process.journal.close()
        for name in try original.segments() {
            let size = try original.bytes(of: name).count
            let content = (endOfContent(try original.bytes(of: name)) + 7) & ~7
            for offset in 0..<size {
                let storage = original.afterProcessDeath()
                try storage.change(name) { $0[offset] ^= 1 << (offset % 8) }
                let isLast = name == (try original.segments().last)
                if offset < content || !isLast {
                    let damage = #expect(
                        throws: Damage.self, "\(name) byte \(offset)"
                    ) { try Process(storage) }
                    #expect(damage?.file == name)
                    #expect(damage.map { $0.offset <= offset } == true)
                } else {
                    // Room that was never written: nothing that was acknowledged is lost.
                    #expect(try Process(storage).report.records == 24)
                }
            }
        }
    }

    @Test func everyByteOfTheNewestSnapshotIsGuarded() throws {
        let original = try closedDirectory()
        let names = try original.snapshots()
        let newest = try #require(names.last)
        let size = try original.bytes(of: newest).count
        for offset in 0..<size {
            let storage = original.afterProcessDeath()
            try storage.change(newest) { $0[offset] ^= 1 << (offset % 8) }
            let process = try Process(storage)
            #expect(process.report.snapshot?.sequence == 36, "byte \(offset)")
            #expect(process.report.damagedSnapshots.map(\.file) == [newest])
            #expect(process.report.lastSequence == 84)
            #expect(process.report.records == 16)
        }
    }

    @Test func everyByteOfTheKeyIsGuarded() throws {
        let original = try closedDirectory()
        for offset in try original.bytes(of: "key").indices {
            let storage = original.afterProcessDeath()
            try storage.change("key") { $0[offset] ^= 4 }
            let damage = #expect(throws: Damage.self) { try Process(storage) }
            #expect(damage?.file == "key")
        }
    }

    @Test func aMissingSegmentIsNamed() throws {
        let original = MemoryStorage()
        let process = try Process(original)
        try process.append(records: 40, bytes: 300)
        try process.journal.close()
        let names = try original.segments()
        #expect(names.count >= 4)
        for (index, name) in names.enumerated() {
            let storage = original.afterProcessDeath()
            try storage.remove(name)
            let damage = #expect(throws: Damage.self) { try Process(storage) }
            if index == 0 {
                #expect(damage?.file == name)
            } else if index < names.count - 1 {
                #expect(damage?.file == names[index + 1])
                #expect(damage?.reason.contains("the one before ends at") == true)
            } else {
                #expect(damage?.file == names[index - 1])
                #expect(damage?.reason.contains("was durable") == true)
            }
        }
    }

    @Test func aJournalThatIsGoneIsMissed() throws {
        let storage = try closedDirectory()
        for name in try storage.segments() { try storage.remove(name) }
        #expect(throws: Damage.self) { try Process(storage) }
        for name in try storage.snapshots() { try storage.remove(name) }
        let damage = #expect(throws: Damage.self) { try Process(storage) }
        #expect(damage?.file == "journal-00000000000000000001.seg")
    }

    @Test func aJournalShorterThanANewerSnapshotIsDamaged() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append(records: 3)
        let short = storage.afterProcessDeath()
        try process.append(records: 3)
        try process.snapshot()
        try short.replace(
            "snapshot-00000000000000000018.snap",
            with: try storage.bytes(of: "snapshot-00000000000000000018.snap"))
        #expect(throws: Damage.self) { try Process(short) }
    }

    @Test func theSegmentOfAnotherTimelineIsFound() throws {
        let original = MemoryStorage()
        let process = try Process(original)
        try process.append(records: 3)
        let fork = original.afterProcessDeath()
        try process.append(records: 30, bytes: 200)
        try process.journal.close()
        let other = try Process(fork)
        // Padded to the same length, so that the segments have the same names.
        try other.append(records: 30, bytes: 199)
        try other.journal.close()
        let last = try #require(try original.segments().last)
        #expect(try fork.segments().last == last)
        let mixed = original.afterProcessDeath()
        try mixed.replace(last, with: try fork.bytes(of: last))
        let damage = #expect(throws: Damage.self) { try Process(mixed) }
        #expect(damage?.file == last)
    }

    @Test func theSnapshotOfAnotherTimelineIsFound() throws {
        let original = MemoryStorage()
        let process = try Process(original)
        try process.append(records: 3)
        let fork = original.afterProcessDeath()
        try process.append(records: 3)
        let other = try Process(fork)
        try other.append(records: 3, bytes: 50)
        try other.snapshot()
        let name = try fork.snapshots()[0]
        let mixed = original.afterProcessDeath()
        try mixed.replace(name, with: try fork.bytes(of: name))
        let damage = #expect(throws: Damage.self) { try Process(mixed) }
        #expect(damage?.file == name)
    }

    @Test func damageLeavesTheDirectoryAsItIs() throws {
        let storage = try closedDirectory()
        try storage.replace("left-over.tmp", with: [1, 2, 3])
        let name = try #require(try storage.segments().last)
        try storage.change(name) { $0[200] ^= 1 }
        let before = try storage.names()
        let bytes = try storage.bytes(of: name)
        #expect(throws: Damage.self) { try Process(storage) }
        #expect(try storage.names() == before)
        #expect(try storage.bytes(of: name) == bytes)
    }

    @Test func aTornSlotOfTheMarkLeavesTheOtherOne() throws {
        let original = try closedDirectory()
        for slot in [0, 4096] {
            let storage = original.afterProcessDeath()
            try storage.change("durable-mark") { $0[slot + 40] ^= 1 }
            #expect(try Process(storage).report.lastSequence == 84)
        }
        try original.change("durable-mark") {
            $0[40] ^= 1
            $0[4096 + 40] ^= 1
        }
        let damage = #expect(throws: Damage.self) { try Process(original) }
        #expect(damage?.file == "durable-mark")
    }

    @Test func aMarkThatIsMissingOrTooShortIsDamage() throws {
        let original = try closedDirectory()
        let short = original.afterProcessDeath()
        try short.change("durable-mark") { $0.removeLast() }
        #expect(throws: Damage.self) { try Process(short) }
        try original.remove("durable-mark")
        let damage = #expect(throws: Damage.self) { try Process(original) }
        #expect(damage?.file == "durable-mark")
    }

    @Test func whatTheTargetThrowsComesOutUnchanged() throws {
        struct Refused: Error, Equatable {}
        let storage = try closedDirectory()
        let directory = try DataDirectory.open(
            storage, rulesVersion: Process.rulesVersion, limits: Process.limits)
        let collector = Collector()
        collector.fault = Refused()
        #expect(throws: Refused()) { try Recovery.run(directory, into: collector) }
    }
}
