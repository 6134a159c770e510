import Persistence
import Testing

@Suite struct SnapshotTests {
    @Test func aSnapshotComesBackWithTheRecordsAfterIt() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append(records: 5)
        let digest = process.journal.chainDigest
        let summary = try process.snapshot()
        #expect(summary.chunks == 4)
        #expect(
            Int64(try storage.bytes(of: "snapshot-00000000000000000015.snap").count)
                == summary.bytes)
        try process.append(records: 2)
        let after = try Process(storage.afterPowerLoss())
        #expect(
            after.report.snapshot
                == SnapshotHeader(sequence: 15, timestamp: 15_000, chainDigest: digest))
        #expect(after.report.records == 2)
        #expect(
            after.replayed.events.dropLast(2)
                == [.begin(15)] + Process.chunkEvents + [.endSnapshot])
        #expect(after.replayed.records.map(\.0.firstSequence) == [16, 19])
    }

    @Test func aSnapshotAtTheEndOfTheJournalGivesItsTimestamp() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append(records: 5)
        try process.snapshot()
        let after = try Process(storage.afterProcessDeath())
        #expect(after.report.records == 0)
        #expect(after.report.lastTimestamp == 15_000)
        #expect(after.journal.lastSequence == 15)
        try after.append()
    }

    @Test(arguments: [0, 1, 500])
    func aSnapshotMayHaveAnyNumberOfChunks(count: Int) throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append()
        let chunks = (0..<count).map { (UInt8($0 % 5), Process.payload(UInt64($0), bytes: $0)) }
        let summary = try process.snapshot(chunks: chunks)
        #expect(summary.chunks == count)
        let after = try Process(storage.afterPowerLoss())
        #expect(
            after.replayed.events
                == [.begin(3)] + chunks.map { .chunk($0.0, $0.1) } + [.endSnapshot])
    }

    @Test func aSnapshotMovesTheMark() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append(records: 3)
        try process.snapshot()
        let copy = storage.afterProcessDeath()
        try copy.remove(try copy.snapshots()[0])
        try copy.change(try copy.segments()[0]) { $0[endOfContent($0) - 1] = 0 }
        #expect(throws: Damage.self) { try Process(copy) }
    }

    @Test func anOlderSnapshotStandsInForADamagedOne() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append(records: 5)
        try process.snapshot()
        try process.append(records: 5)
        try process.snapshot()
        try process.append(records: 5)
        let copy = storage.afterProcessDeath()
        let newest = try copy.snapshots()[1]
        try copy.change(newest) { $0[1300] ^= 1 }
        let after = try Process(copy)
        #expect(after.report.damagedSnapshots.map(\.file) == [newest])
        #expect(after.report.records == 10)
        // What was loaded of the damaged one is to be forgotten.
        let beginnings = after.replayed.events.filter {
            if case .begin = $0 { true } else { false }
        }
        #expect(beginnings == [.begin(30), .begin(15)])
        #expect(try copy.names().contains("snapshot-00000000000000000030.bad"))
        #expect(try Process(copy.afterProcessDeath()).report.damagedSnapshots.isEmpty)
    }

    @Test func withoutAGoodSnapshotTheJournalFromTheFirstRecordOnIsEnough() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append(records: 5)
        try process.snapshot()
        let copy = storage.afterProcessDeath()
        try copy.change(try copy.snapshots()[0]) { $0[100] ^= 1 }
        let after = try Process(copy)
        #expect(after.report.snapshot == nil)
        #expect(after.report.records == 5)
    }

    @Test func withoutAGoodSnapshotAndWithoutTheFirstRecordsNothingIsServed() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        for _ in 0..<3 {
            try process.append(records: 12, bytes: 300)
            try process.snapshot()
            _ = try Retention.apply(to: process.directory)
        }
        let copy = storage.afterProcessDeath()
        let names = try copy.snapshots()
        for name in names { try copy.change(name) { $0[200] ^= 1 } }
        let damage = #expect(throws: Damage.self) { try Process(copy) }
        #expect(damage?.file == names.last)
    }

    @Test func anUnfinishedSnapshotMeansNothing() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append(records: 5)
        let writer = try SnapshotWriter(
            process.directory, sequence: 15, timestamp: 15_000,
            chainDigest: process.journal.chainDigest)
        let content = Process.payload(1, bytes: 1000)
        try content.withUnsafeBytes { try writer.appendChunk(kind: 1, $0) }
        let after = try Process(storage.afterProcessDeath())
        #expect(after.report.snapshot == nil)
        #expect(after.report.damagedSnapshots.isEmpty)
        writer.abandon()
        #expect(try storage.names().allSatisfy { !$0.hasSuffix(".tmp") })
    }

    @Test func aSnapshotIsWholeOrAbsentWheneverThePowerIsCut() throws {
        for failing in 0..<20 {
            let storage = MemoryStorage()
            let process = try Process(storage)
            try process.append(records: 5)
            let count = Countdown(failing)
            storage.intercept { operation, file in
                count.next() ? nil : .failed(operation: operation, file: file, code: 5)
            }
            let isWritten = (try? process.snapshot()) != nil
            storage.intercept(nil)
            for keepsAll in [false, true] {
                let after = try Process(storage.afterPowerLoss { _ in keepsAll })
                #expect(after.report.damagedSnapshots.isEmpty)
                #expect(after.report.lastSequence == 15)
                if isWritten { #expect(after.report.snapshot?.sequence == 15) }
            }
        }
    }

    @Test func aFullDiskEndsASnapshotAndNothingElse() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append(records: 5)
        storage.setCapacity(try storage.list().reduce(0) { $0 + $1.size } + 800)
        #expect(throws: StorageFault.self) { try process.snapshot() }
        try process.append(records: 2)
        storage.setCapacity(nil)
        try process.snapshot()
        #expect(try Process(storage.afterProcessDeath()).report.snapshot?.sequence == 21)
    }
}
