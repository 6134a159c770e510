import Persistence
import Testing

@Suite struct InspectionTests {
    private func inspection(_ storage: MemoryStorage) throws -> Inspection {
        try Inspection(storage, rulesVersion: Process.rulesVersion, limits: Process.limits)
    }

    private func used() throws -> (MemoryStorage, Process) {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append(records: 14, bytes: 300)
        try process.snapshot()
        try process.append(records: 2)
        return (storage, process)
    }

    @Test func aHeldDirectoryIsShownAsItIs() throws {
        let (storage, process) = try used()
        let report = try inspection(storage).report()
        #expect(report.lastSequence == 48)
        #expect(report.lastTimestamp == 46_000)
        #expect(report.fingerprint == process.directory.fingerprint)
        #expect(report.snapshots.map(\.sequence) == [42])
        #expect(report.snapshots.first?.timestamp == 42_000)
        #expect(report.segments.first?.firstSequence == 1)
        #expect(report.segments.map(\.records).reduce(0, +) == 16)
        #expect(report.segments.allSatisfy { $0.note == nil && $0.bytes == 4096 })
        #expect(
            report.others.map(\.name) == ["durable-mark", "key", "lock", "reserve", "spare"])
        #expect(report.damages.isEmpty)
    }

    @Test func damageIsSaidOfItsFileAndTheOthersAreShown() throws {
        let storage = try used().0
        let segment = try storage.segments()[0]
        try storage.change(segment) { $0[500] ^= 1 }
        let snapshot = try storage.snapshots()[0]
        try storage.change(snapshot) { $0[200] ^= 1 }
        let report = try inspection(storage).report()
        #expect(report.damages.map(\.file) == [snapshot, segment])
        #expect(report.segments.last?.note == nil)
        #expect(report.lastSequence == 48)
    }

    @Test func anUnfinishedRecordIsNoDamage() throws {
        let (storage, _) = try used()
        try storage.change(try storage.segments().last!) { $0[endOfContent($0) - 1] = 0 }
        let report = try inspection(storage).report()
        #expect(report.damages.isEmpty)
        guard case .unfinished(let tail)? = report.segments.last?.note else {
            Issue.record("no torn tail")
            return
        }
        #expect(tail.sequence == 46)
        #expect(report.lastSequence == 45)
    }

    @Test func everySequenceIsFoundInItsRecord() throws {
        let storage = try used().0
        let inspection = try inspection(storage)
        for sequence: UInt64 in 1...48 {
            let record = try inspection.record(sequence)
            let first = (sequence - 1) / 3 * 3 + 1
            #expect(record.fields.firstSequence == first)
            #expect(record.payload == Process.payload(first, bytes: first > 42 ? 100 : 300))
        }
        #expect(throws: NoRecord.tooLate(49, last: 48)) { try inspection.record(49) }
        #expect(throws: NoRecord.tooEarly(0, first: 1, snapshot: 42)) { try inspection.record(0) }
    }

    @Test func whatLeadsToARecordBeginsWithTheNewestSnapshotBeforeIt() throws {
        let (storage, process) = try used()
        try process.append()
        let inspection = try inspection(storage)
        let after = Collector()
        #expect(try inspection.lead(to: inspection.record(50), into: after))
        #expect(after.events.first == .begin(42))
        #expect(after.records.map(\.0.firstSequence) == [43, 46])
        let before = Collector()
        #expect(try inspection.lead(to: inspection.record(8), into: before))
        #expect(before.events.first == .begin(nil))
        #expect(before.records.map(\.0.firstSequence) == [1, 4])
    }

    @Test func withoutTheBeginningNothingLeadsToARecord() throws {
        let (storage, process) = try used()
        try process.append(records: 14, bytes: 300)
        try process.snapshot()
        let first = try storage.segments()[0]
        try storage.remove(first)
        let inspection = try inspection(storage)
        let earliest = try #require(try inspection.report().segments.first?.firstSequence)
        let record = try inspection.record(earliest)
        #expect(record.fields.firstSequence < 42)
        #expect(try !inspection.lead(to: record, into: Collector()))
    }

    @Test func nothingIsChanged() throws {
        let storage = try used().0
        let before = try storage.names().map { ($0, try storage.bytes(of: $0)) }
        let inspection = try inspection(storage)
        _ = try inspection.report()
        _ = try inspection.record(20)
        let after = try storage.names().map { ($0, try storage.bytes(of: $0)) }
        #expect(before.map(\.0) == after.map(\.0))
        #expect(before.map(\.1) == after.map(\.1))
    }
}
