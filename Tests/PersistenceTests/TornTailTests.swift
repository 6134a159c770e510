import Persistence
import Testing

/// A write that a crash cut short was never acknowledged, and is no damage.
@Suite struct TornTailTests {
    /// A journal of four records in one segment, and where the last one begins and ends.
    private func smallJournal() throws -> (storage: MemoryStorage, lastRecord: Range<Int>) {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append(records: 3, bytes: 61)
        let name = try storage.segments()[0]
        let start = (endOfContent(try storage.bytes(of: name)) + 7) & ~7
        try process.append(bytes: 61)
        let end = (endOfContent(try storage.bytes(of: name)) + 7) & ~7
        return (storage.afterProcessDeath(), start..<end)
    }

    @Test func aRecordThatIsCutOffAnywhereIsCutOffWhole() throws {
        let (original, last) = try smallJournal()
        let name = try original.segments()[0]
        for cut in last {
            let storage = original.afterProcessDeath()
            try storage.change(name) { bytes in
                for index in cut..<last.upperBound { bytes[index] = 0 }
            }
            let whole = try original.bytes(of: name)
            let process = try Process(storage)
            if try storage.bytes(of: name)[..<last.upperBound] == whole[..<last.upperBound] {
                // What was cut off was zero anyway.
                #expect(process.report.records == 4)
                continue
            }
            #expect(process.report.records == 3)
            #expect(process.report.lastSequence == 9)
            try process.append(bytes: 61)
            #expect(try Process(storage.afterProcessDeath()).report.records == 4)
        }
    }

    @Test func aFileThatEndsInsideTheLastRecordIsCutOffToo() throws {
        let (original, last) = try smallJournal()
        let name = try original.segments()[0]
        for cut in last.lowerBound..<last.upperBound - 3 {
            let storage = original.afterProcessDeath()
            try storage.change(name) { $0.removeLast($0.count - cut) }
            let process = try Process(storage)
            #expect(process.report.records == 3)
            try process.append(records: 2)
            #expect(try Process(storage.afterProcessDeath()).report.records == 5)
        }
    }

    @Test func aCopyOfTheTornTailIsKept() throws {
        let (storage, last) = try smallJournal()
        let name = try storage.segments()[0]
        let torn = Array(try storage.bytes(of: name)[last.lowerBound..<last.upperBound - 20])
        try storage.change(name) { bytes in
            for index in last.upperBound - 20..<last.upperBound { bytes[index] = 0 }
        }
        let process = try Process(storage)
        let kept = Array(torn[..<endOfContent(torn)])
        let tail = try #require(process.report.tornTail)
        #expect(tail.file == name)
        #expect(tail.offset == Int64(last.lowerBound))
        #expect(tail.bytes == Int64(kept.count))
        #expect(tail.sequence == 10)
        #expect(tail.reason == "the record's digest is wrong")
        #expect(try storage.bytes(of: "torn-00000000000000000010.tail") == kept)
        #expect(try storage.bytes(of: name)[last.lowerBound...].allSatisfy { $0 == 0 })
    }

    @Test func atMostOneRecordMayBeTorn() throws {
        let (storage, last) = try smallJournal()
        let name = try storage.segments()[0]
        try storage.change(name) { $0[last.lowerBound - 30] ^= 1 }
        let damage = #expect(throws: Damage.self) { try Process(storage) }
        #expect(damage?.file == name)
        #expect(damage?.reason.contains("a valid record follows at byte") == true)
    }

    @Test func aRecordAtOrBeforeTheMarkIsNeverTorn() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append(records: 4)
        try process.journal.markDurable()
        let name = try storage.segments()[0]
        let copy = storage.afterProcessDeath()
        try copy.change(name) { $0[endOfContent($0) - 1] = 0 }
        let damage = #expect(throws: Damage.self) { try Process(copy) }
        #expect(damage?.file == name)
        #expect(damage?.reason.contains("ends at sequence 9, but 12 was durable") == true)
    }

    @Test func aPayloadThatLooksLikeARecordDoesNotTurnATornTailIntoDamage() throws {
        let donor = MemoryStorage()
        try Process(donor).append(records: 2, bytes: 40)
        let record = Array(try donor.bytes(of: try donor.segments()[0])[96..<216])
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append()
        let fields = RecordFields(kind: 1, firstSequence: 4, count: 1, timestamp: 5)
        let payload = record + record + Array(repeating: 7, count: 100)
        try payload.withUnsafeBytes { try process.journal.append(fields, payload: [$0]) }
        let copy = storage.afterProcessDeath()
        try copy.change(try copy.segments()[0]) { $0[endOfContent($0) - 1] = 0 }
        #expect(try Process(copy).report.lastSequence == 3)
    }

    @Test func sectorsOfATornWriteReachTheDiskInAnyOrder() throws {
        for seed in UInt64(0)..<200 {
            var random = SeededGenerator(seed: seed)
            let storage = MemoryStorage()
            let process = try Process(storage)
            let records = Int.random(in: 0..<8, using: &random)
            try process.append(records: records, bytes: Int.random(in: 0...900, using: &random))
            storage.intercept { operation, _ in
                operation == .sync ? .failed(operation: .sync, file: "disk", code: 5) : nil
            }
            // Written, but not synced.
            try? process.append(bytes: Int.random(in: 0...2900, using: &random))
            let after = try Process(
                storage.afterPowerLoss { _ in Bool.random(using: &random) })
            #expect(
                after.report.records == records || after.report.records == records + 1,
                "seed \(seed)")
            try after.append()
        }
    }
}
