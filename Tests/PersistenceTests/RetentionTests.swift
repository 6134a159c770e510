import Persistence
import Testing

@Suite struct RetentionTests {
    @Test func twoSnapshotsAndTheJournalFromTheOlderOneStay() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        var report: RetentionReport?
        for _ in 0..<4 {
            try process.append(records: 12, bytes: 300)
            try process.snapshot()
            report = try Retention.apply(to: process.directory)
        }
        #expect(try storage.snapshots().count == 2)
        #expect(report?.oldestSnapshot == 108)
        let first = try #require(report?.firstSequence)
        #expect(first <= 109)
        let after = try Process(storage.afterPowerLoss())
        #expect(after.report.lastSequence == 144)
        // Either of the two is enough.
        let older = storage.afterPowerLoss()
        try older.remove(try older.snapshots()[1])
        #expect(try Process(older).report.records == 12)
    }

    @Test func withOneSnapshotTheWholeJournalStays() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append(records: 40, bytes: 300)
        try process.snapshot()
        let report = try Retention.apply(to: process.directory)
        #expect(report.removed.isEmpty)
        #expect(report.firstSequence == 1)
    }

    @Test func afterTwoRollsAndTwoSnapshotsNothingOlderIsInAnyFile() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append(records: 2)
        let erased = process.journal.lastSequence
        var report: RetentionReport?
        for _ in 0..<2 {
            try process.journal.roll()
            try process.append()
            try process.snapshot()
            report = try Retention.apply(to: process.directory, erasing: true)
        }
        #expect(try #require(report?.firstSequence) > erased)
        #expect(try #require(report?.oldestSnapshot) >= erased)
        #expect(try Process(storage.afterPowerLoss()).report.lastSequence == 12)
    }

    @Test func keptEvidenceGoesWithAnErasureOnly() throws {
        let storage = MemoryStorage()
        try Process(storage).append(records: 3)
        try storage.replace("torn-00000000000000000004.tail", with: [1])
        try storage.replace("snapshot-00000000000000000002.bad", with: [1])
        let process = try Process(storage)
        #expect(try Retention.apply(to: process.directory).removed.isEmpty)
        #expect(
            try Retention.apply(to: process.directory, erasing: true).removed == [
                "snapshot-00000000000000000002.bad", "torn-00000000000000000004.tail",
            ])
    }

    @Test func whatIsObsoleteFollowsFromTheListing() {
        var content = DirectoryContent([])
        content.segments = [1, 10, 20, 30, 40]
        content.snapshots = [5, 19, 35]
        content.temporary = ["x.tmp"]
        #expect(
            Retention.obsolete(content, erasing: false) == [
                "x.tmp", "snapshot-00000000000000000005.snap",
                "journal-00000000000000000001.seg", "journal-00000000000000000010.seg",
            ])
        content.snapshots = [5, 18, 35]
        #expect(
            Retention.obsolete(content, erasing: false) == [
                "x.tmp", "snapshot-00000000000000000005.snap", "journal-00000000000000000001.seg",
            ])
    }

    @Test func aRetentionThatIsCutShortLeavesADirectoryThatStarts() throws {
        for failing in 0..<12 {
            let storage = MemoryStorage()
            let process = try Process(storage)
            for _ in 0..<3 {
                try process.append(records: 12, bytes: 300)
                try process.snapshot()
            }
            let count = Countdown(failing)
            storage.intercept { operation, file in
                count.next() ? nil : .failed(operation: operation, file: file, code: 5)
            }
            _ = try? Retention.apply(to: process.directory)
            storage.intercept(nil)
            for keepsAll in [false, true] {
                let after = try Process(storage.afterPowerLoss { _ in keepsAll })
                #expect(after.report.lastSequence == 108)
            }
        }
    }
}
