import Persistence
import Testing

@Suite struct JournalTests {
    @Test func anEmptyDirectoryHasNoRecords() throws {
        let process = try Process(MemoryStorage())
        #expect(process.journal.lastSequence == 0)
        #expect(process.report.lastTimestamp == nil)
        #expect(process.replayed.events == [.begin(nil)])
    }

    @Test(arguments: [0, 1, 7, 8, 9, 24, 100, 3072])
    func recordsComeBackAsTheyWere(bytes: Int) throws {
        let storage = MemoryStorage()
        do {
            let process = try Process(storage)
            try process.append(records: 5, bytes: bytes)
        }
        let process = try Process(storage.afterProcessDeath())
        #expect(process.report.lastSequence == 15)
        #expect(process.report.lastTimestamp == 13_000)
        #expect(process.report.records == 5)
        for (index, (fields, payload)) in process.replayed.records.enumerated() {
            let first = UInt64(index * 3 + 1)
            #expect(
                fields
                    == RecordFields(
                        kind: UInt8(first), firstSequence: first, count: 3,
                        timestamp: Int64(first) * 1000))
            #expect(payload == Process.payload(first, bytes: bytes))
        }
    }

    @Test func aJournalGoesOnOverManyRestarts() throws {
        var storage = MemoryStorage()
        for restart in 0..<20 {
            let process = try Process(storage)
            #expect(process.report.records == restart * 4)
            try process.append(records: 4, bytes: 200)
            storage = storage.afterProcessDeath()
        }
        let segments = try storage.segments()
        #expect(segments.count > 3)
        #expect(segments.first == "journal-00000000000000000001.seg")
    }

    @Test func theChainDigestIsTheSameAfterARestart() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append(records: 30)
        let after = try Process(storage.afterProcessDeath())
        #expect(after.journal.chainDigest == process.journal.chainDigest)
        #expect(after.journal.lastSequence == process.journal.lastSequence)
    }

    @Test func aRecordThatDoesNotFitBeginsANewSegment() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append(bytes: 3000, count: 5)
        #expect(try storage.segments().count == 1)
        try process.append(bytes: 3000, count: 5)
        #expect(
            try storage.segments() == [
                "journal-00000000000000000001.seg", "journal-00000000000000000006.seg",
            ])
    }

    @Test func rollingBeginsANewSegmentOnceThereIsSomethingToLeaveBehind() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.journal.roll()
        #expect(try storage.segments().isEmpty)
        try process.append()
        try process.journal.roll()
        try process.journal.roll()
        #expect(try storage.segments().count == 2)
        try process.append()
        let after = try Process(storage.afterProcessDeath())
        #expect(after.report.records == 2)
        let rolled = storage.afterProcessDeath()
        let again = try Process(rolled)
        try again.journal.roll()
        let last = try Process(rolled.afterProcessDeath())
        #expect(last.report.lastSequence == 6)
        try last.append()
        #expect(last.journal.lastSequence == 9)
    }

    @Test func anAppendedRecordSurvivesAPowerCut() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        for appended in 1...60 {
            try process.append(bytes: appended * 5)
            let after = try Process(storage.afterPowerLoss())
            #expect(after.report.records == appended)
            #expect(after.report.tornTail == nil)
        }
    }

    @Test func aSegmentTakesItsRoomBeforeItIsNeeded() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append()
        let sizes = Dictionary(
            uniqueKeysWithValues: try storage.list().map { ($0.name, $0.size) })
        #expect(sizes["spare"] == 4096)
        #expect(sizes["reserve"] == 2048)
        #expect(sizes["journal-00000000000000000001.seg"] == 4096)
    }

    @Test func aClosedJournalTakesNothingMore() throws {
        let process = try Process(MemoryStorage())
        try process.append()
        try process.journal.close()
        try process.journal.close()
        #expect(throws: StorageFault.closed) { try process.append() }
        #expect(throws: StorageFault.closed) { try process.journal.roll() }
    }

    @Test(arguments: [StorageOperation.write, .sync])
    func afterAFaultOfAWriteNothingIsTakenAndNothingIsTriedAgain(operation: StorageOperation)
        throws
    {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append()
        let fault = StorageFault.failed(operation: operation, file: "disk", code: 5)
        storage.intercept { asked, _ in asked == operation ? fault : nil }
        #expect(throws: fault) { try process.append() }
        storage.intercept(nil)
        #expect(throws: fault) { try process.append() }
        #expect(throws: fault) { try process.journal.roll() }
        #expect(throws: fault) { try process.journal.markDurable() }
        #expect(process.journal.lastSequence == 3)
        let after = try Process(storage.afterPowerLoss())
        #expect(after.report.lastSequence == 3)
    }

    @Test func aDiskThatIsFullWhereRoomWasTakenIsAFaultForEver() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append()
        storage.intercept { operation, file in operation == .sync ? .full(file: file) : nil }
        #expect(throws: StorageFault.self) { try process.append() }
        storage.intercept(nil)
        let fault = #expect(throws: StorageFault.self) { try process.append() }
        guard case .failed = fault else {
            Issue.record("a full disk in the middle of a record may be tried again")
            return
        }
    }

    @Test(arguments: [StorageOperation.rename, .syncDirectory])
    func afterAFaultWhileASegmentBeginsNothingIsTaken(operation: StorageOperation) throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append(bytes: 3000)
        let fault = StorageFault.failed(operation: operation, file: "disk", code: 5)
        storage.intercept { asked, _ in asked == operation ? fault : nil }
        #expect(throws: fault) { try process.append(bytes: 3000) }
        storage.intercept(nil)
        #expect(throws: fault) { try process.append() }
        let after = try Process(storage.afterProcessDeath())
        #expect(after.report.lastSequence == 3)
    }
}
