import Persistence
import Testing

@Suite struct VerificationTests {
    private func verify(_ storage: MemoryStorage, into target: Collector = Collector()) throws
        -> VerificationReport
    {
        try Verification.run(
            storage, rulesVersion: Process.rulesVersion, limits: Process.limits, into: target)
    }

    @Test func everythingComesInTheOrderOfPositions() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append(records: 2)
        try process.snapshot()
        try process.append(records: 1)
        try process.snapshot()
        try process.append(records: 1)
        try process.journal.close()
        let collector = Collector()
        let report = try verify(storage.afterProcessDeath(), into: collector)
        let kinds = collector.events.compactMap { event -> String? in
            switch event {
            case .begin(let sequence): "begin \(sequence ?? 0)"
            case .record(let fields, _): "record \(fields.firstSequence)"
            case .chunk, .endSnapshot: nil
            }
        }
        #expect(
            kinds == [
                "begin 0", "record 1", "record 4", "begin 6", "record 7", "begin 9", "record 10",
            ])
        #expect(report.firstSequence == 1)
        #expect(report.lastSequence == 12)
        #expect(report.durableMark == 12)
        #expect(report.segments == 1)
        #expect(report.records == 4)
        #expect(report.snapshots.map(\.sequence) == [6, 9])
        #expect(report.tornTail == nil)
    }

    @Test func withoutTheFirstRecordsTheOldestSnapshotIsTheBase() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        for _ in 0..<3 {
            try process.append(records: 13, bytes: 300)
            try process.snapshot()
            _ = try Retention.apply(to: process.directory)
        }
        let collector = Collector()
        let report = try verify(storage.afterProcessDeath(), into: collector)
        #expect(collector.events.first == .begin(78))
        #expect(collector.records.first?.0.firstSequence == 79)
        #expect(report.lastSequence == 117)
        #expect(try #require(report.firstSequence) > 1)
    }

    @Test func nothingIsChanged() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append(records: 20, bytes: 300)
        try process.snapshot()
        let copy = storage.afterProcessDeath()
        try copy.replace("left-over.tmp", with: [1])
        let before = try copy.names().map { ($0, try copy.bytes(of: $0)) }
        _ = try verify(copy)
        let after = try copy.names().map { ($0, try copy.bytes(of: $0)) }
        #expect(before.map(\.0) == after.map(\.0))
        #expect(before.map(\.1) == after.map(\.1))
    }

    @Test func everyByteOfJournalAndSnapshotsIsLookedAt() throws {
        let original = MemoryStorage()
        let process = try Process(original)
        try process.append(records: 14, bytes: 301)
        try process.snapshot()
        try process.append(records: 2)
        try process.journal.close()
        for name in try original.segments() + original.snapshots() {
            for offset in 0..<endOfContent(try original.bytes(of: name)) {
                let storage = original.afterProcessDeath()
                try storage.change(name) { $0[offset] ^= 0x80 >> (offset % 8) }
                let damage = #expect(throws: Damage.self, "\(name) byte \(offset)") {
                    try verify(storage)
                }
                #expect(damage?.file == name)
            }
        }
    }

    @Test func aTornTailIsReportedAndIsNoDamage() throws {
        let storage = MemoryStorage()
        try Process(storage).append(records: 3)
        let copy = storage.afterProcessDeath()
        try copy.change(try copy.segments()[0]) { $0[endOfContent($0) - 1] = 0 }
        let report = try verify(copy)
        #expect(report.lastSequence == 6)
        #expect(report.tornTail?.sequence == 7)
    }

    @Test func aSupersededSnapshotOfAnotherDirectoryHindersNeitherACheckNorAStart() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        for _ in 0..<3 {
            try process.append(records: 2)
            try process.snapshot()
        }
        let foreign = MemoryStorage()
        let other = try Process(foreign)
        try other.append(records: 2)
        try other.snapshot()
        let copy = storage.afterProcessDeath()
        let names = try copy.snapshots()
        try copy.replace(names[0], with: foreign.bytes(of: names[0]))
        #expect(try verify(copy).lastSequence == 18)
        let report = try Process(copy.afterProcessDeath()).report
        #expect(report.snapshot?.sequence == 18)
        #expect(report.damagedSnapshots.map(\.file) == [names[0]])

        // The older one of the two that are kept is needed, and refused for what it is.
        try copy.replace(names[1], with: foreign.bytes(of: names[0]))
        let refusal = DirectoryFault.otherKey(file: names[1])
        #expect(throws: refusal) { try verify(copy) }
        #expect(throws: refusal) { try Process(copy.afterProcessDeath()) }
    }

    @Test func aDirectoryThatIsNoneIsToldAsOne() throws {
        #expect(throws: DirectoryFault.noData(path: "memory")) { try verify(MemoryStorage()) }
    }

    @Test func aCopyWithoutTheLockFileIsVerified() throws {
        let storage = MemoryStorage()
        try Process(storage).append(records: 3)
        let copy = storage.afterProcessDeath()
        try copy.remove("lock")
        #expect(try verify(copy).lastSequence == 9)
        #expect(try !copy.names().contains("lock"))
    }

    @Test func aDirectoryInUseIsLocked() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        #expect(throws: StorageFault.locked(path: "memory")) { try verify(storage) }
        #expect(process.journal.lastSequence == 0)
    }
}
