import Persistence
import Testing

@Suite struct FullDiskTests {
    /// A process on a disk that has room for nothing more.
    private func fullDisk() throws -> (storage: MemoryStorage, process: Process) {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append()
        storage.setCapacity(try storage.list().reduce(0) { $0 + $1.size })
        return (storage, process)
    }

    /// Appends until the disk is full.
    private func fill(_ process: Process, mayUseReserve: Bool = false) throws -> Int {
        for appended in 0..<1000 {
            do {
                try process.append(bytes: 300, mayUseReserve: mayUseReserve)
            } catch StorageFault.full {
                return appended
            }
        }
        Issue.record("the disk is never full")
        return 1000
    }

    @Test func recordsAreTakenWhileThereIsRoomThatWasTakenBefore() throws {
        let (_, process) = try fullDisk()
        // The open segment, and the spare one.
        #expect(try fill(process) == 9 + 10)
    }

    @Test func aRefusedRecordLeavesNoTraceAndCanBeTriedAgain() throws {
        let (storage, process) = try fullDisk()
        let before = try fill(process)
        let last = process.journal.lastSequence
        let digest = process.journal.chainDigest
        #expect(throws: StorageFault.self) { try process.append() }
        #expect(process.journal.lastSequence == last)
        #expect(process.journal.chainDigest == digest)
        storage.setCapacity(nil)
        try process.append(records: 3)
        let after = try Process(storage.afterPowerLoss())
        #expect(after.report.records == before + 4)
    }

    @Test func theReserveIsForWhatMustBeWritten() throws {
        let (storage, process) = try fullDisk()
        let before = try fill(process)
        try process.append(bytes: 300, mayUseReserve: true)
        // The reserve is open now, but not for others.
        #expect(throws: StorageFault.self) { try process.append(bytes: 10) }
        let reserved = 1 + (try fill(process, mayUseReserve: true))
        #expect(reserved == 5)
        let after = try Process(storage.afterPowerLoss())
        #expect(after.report.records == 1 + before + reserved)
    }

    @Test func theReserveIsThereAgainWhenThereIsRoom() throws {
        let (storage, process) = try fullDisk()
        _ = try fill(process)
        try process.append(mayUseReserve: true)
        #expect(try !storage.names().contains("reserve"))
        storage.setCapacity(nil)
        try process.append()
        #expect(try storage.names().contains("reserve"))
        storage.setCapacity(try storage.list().reduce(0) { $0 + $1.size })
        _ = try fill(process)
        try process.append(mayUseReserve: true)
        #expect(
            try Process(storage.afterPowerLoss()).report.lastSequence
                == process.journal.lastSequence)
    }

    @Test func aSpareIsNotTakenWhileTheReserveIsMissing() throws {
        let (storage, process) = try fullDisk()
        _ = try fill(process)
        try process.append(mayUseReserve: true)
        // Room for a reserve, not for a segment as well.
        storage.setCapacity(try storage.list().reduce(0) { $0 + $1.size } + 2048)
        #expect(throws: StorageFault.self) { try process.append() }
        #expect(try storage.names().contains("reserve"))
    }

    @Test func aFullDiskStartsAndRefusesAndRecovers() throws {
        let (storage, process) = try fullDisk()
        _ = try fill(process)
        let copy = storage.afterPowerLoss()
        copy.setCapacity(try copy.list().reduce(0) { $0 + $1.size })
        let after = try Process(copy)
        #expect(after.report.lastSequence == process.journal.lastSequence)
        #expect(throws: StorageFault.self) { try after.append(bytes: 3000) }
        copy.setCapacity(nil)
        try after.append(bytes: 3000)
        #expect(
            try Process(copy.afterPowerLoss()).report.lastSequence
                == process.journal.lastSequence + 3)
    }
}
