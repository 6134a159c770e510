import Persistence
import Testing

@Suite struct BackupTests {
    private func backUp(_ storage: any Storage) throws -> (MemoryStorage, BackupReport) {
        let target = MemoryStorage()
        let report = try Backup.fill(
            target, from: storage, rulesVersion: Process.rulesVersion, limits: Process.limits)
        return (target, report)
    }

    /// Records of several segments, and two snapshots.
    private func used() throws -> (MemoryStorage, Process) {
        let storage = MemoryStorage()
        let process = try Process(storage)
        for _ in 0..<3 {
            try process.append(records: 14, bytes: 300)
            try process.snapshot()
            _ = try Retention.apply(to: process.directory)
        }
        try process.append(records: 2)
        return (storage, process)
    }

    @Test func theCopyOpensAndGoesOn() throws {
        let (storage, process) = try used()
        let (copy, report) = try backUp(storage)
        #expect(report.lastSequence == process.journal.lastSequence)
        #expect(report.snapshots.count == 2)
        #expect(try copy.bytes(of: "key") == storage.bytes(of: "key"))
        let opened = try Process(copy.afterPowerLoss())
        #expect(opened.report.lastSequence == process.journal.lastSequence)
        #expect(opened.journal.chainDigest == process.journal.chainDigest)
        try opened.append(records: 20, bytes: 300)
    }

    @Test func aCopyThatLosesItsEndIsDamaged() throws {
        let (copy, _) = try backUp(try used().0)
        try copy.change(try copy.segments().last!) { $0.removeLast(8) }
        #expect(throws: Damage.self) { try Process(copy) }
    }

    @Test func aCopyHasOnlyWholeRecordsAndNoRoomTakenAhead() throws {
        let (storage, process) = try used()
        let last = process.journal.lastSequence
        try process.append(bytes: 1000)
        let torn = storage.afterProcessDeath()
        try torn.change(try torn.segments().last!) { $0[endOfContent($0) - 1] = 0 }
        let (copy, report) = try backUp(torn)
        #expect(report.lastSequence == last)
        let segment = try copy.bytes(of: try copy.segments().last!)
        #expect(segment.count < Process.limits.segmentBytes)
        let opened = try Process(copy)
        #expect(opened.report.lastSequence == last)
        #expect(opened.report.tornTail == nil)
    }

    @Test func damageIsNamedAndNothingOpensWhatWasCopied() throws {
        let original = try used().0
        for name in try original.segments() + original.snapshots() {
            let storage = original.afterProcessDeath()
            try storage.change(name) { $0[endOfContent($0) / 2] ^= 4 }
            let target = MemoryStorage()
            let damage = #expect(throws: Damage.self) {
                try Backup.fill(
                    target, from: storage, rulesVersion: Process.rulesVersion,
                    limits: Process.limits)
            }
            #expect(damage?.file == name)
            #expect(throws: (any Error).self) { try Process(target) }
        }
    }

    @Test func aJournalThatLostItsEndIsNotCopied() throws {
        let (storage, process) = try used()
        try process.journal.markDurable()
        let shorter = storage.afterProcessDeath()
        try shorter.change(try shorter.segments().last!) { bytes in
            for index in 200..<bytes.count { bytes[index] = 0 }
        }
        #expect(throws: Damage.self) { try backUp(shorter) }
    }

    /// Whatever the server does between two steps of the backup, at whichever of them.
    @Test func nothingAcknowledgedIsMissedWhateverHappensMeanwhile() throws {
        var looks = 0
        while true {
            let (storage, process) = try used()
            let before = process.journal.lastSequence
            let busy = BusyStorage(storage, after: looks) {
                for _ in 0..<3 {
                    #expect(throws: Never.self) {
                        try process.append(records: 14, bytes: 300)
                        try process.journal.roll()
                        try process.append()
                        try process.snapshot()
                        _ = try Retention.apply(to: process.directory)
                    }
                }
            }
            let (copy, report) = try backUp(busy)
            #expect(before <= report.lastSequence)
            #expect(report.lastSequence <= process.journal.lastSequence)
            let opened = try Process(copy.afterPowerLoss())
            #expect(opened.report.lastSequence == report.lastSequence, "after \(looks) looks")
            #expect(try copy.snapshots().count == 2)
            if !busy.hasHappened { break }
            looks += 1
        }
        // The key, the mark, two listings, and two snapshots and a segment at least.
        #expect(looks >= 7)
    }

    @Test func aSegmentThatOneListingMissesIsNotMissing() throws {
        let (storage, process) = try used()
        for name in try storage.segments() + storage.snapshots() {
            let busy = BusyStorage(storage, after: .max)
            busy.missedByFirstListing = name
            #expect(try backUp(busy).1.lastSequence == process.journal.lastSequence)
        }
    }

    @Test func aRecordThatIsBeingWrittenIsLookedAtAgain() throws {
        let (storage, process) = try used()
        let last = try storage.segments().last!
        let end = endOfContent(try storage.bytes(of: last))
        // As many readings as several looks need.
        for readings in [1, 30] {
            let busy = BusyStorage(storage, after: .max)
            busy.disguise = { name, file in
                name == last
                    ? HalfWrittenFile(file, writtenUntil: Int64(end) - 20, readings: readings)
                    : file
            }
            #expect(try backUp(busy).1.lastSequence == process.journal.lastSequence)
        }
    }

    @Test func aDirectoryWithoutACommandIsCopied() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        let (copy, report) = try backUp(storage)
        #expect(report.lastSequence == 0)
        let opened = try Process(copy)
        #expect(opened.directory.fingerprint == process.directory.fingerprint)
    }

    @Test func aDirectoryWithoutAKeyOrAnythingIsRefused() throws {
        #expect(throws: DirectoryFault.noData(path: "memory")) { try backUp(MemoryStorage()) }
        let storage = try used().0
        try storage.remove("key")
        #expect(throws: DirectoryFault.keyMissing(beside: try storage.snapshots()[0])) {
            try backUp(storage)
        }
    }

    @Test func configurationComesAlong() throws {
        let storage = try used().0
        try storage.replace("tokens.json", with: Array("{}".utf8))
        let (copy, report) = try backUp(storage)
        #expect(report.configuration == ["tokens.json"])
        #expect(try copy.bytes(of: "tokens.json") == Array("{}".utf8))
    }

    @Test func aFullTargetEndsTheBackup() throws {
        let storage = try used().0
        let target = MemoryStorage(capacity: 9_000)
        let fault = #expect(throws: StorageFault.self) {
            try Backup.fill(
                target, from: storage, rulesVersion: Process.rulesVersion, limits: Process.limits)
        }
        guard case .full? = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(try !target.names().contains("key"))
    }
}
