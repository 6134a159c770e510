import Glibc
import Persistence
import Testing

/// The same on real files.
@Suite struct FileStorageTests {
    /// Makes a directory, and removes it afterwards.
    private func withDirectory(_ body: (String) throws -> Void) throws {
        var template = Array("/tmp/tally-persistence-XXXXXX".utf8CString)
        let path = template.withUnsafeMutableBufferPointer { buffer in
            mkdtemp(buffer.baseAddress!).map { String(cString: $0) }
        }
        let directory = try #require(path)
        defer {
            if let storage = try? FileStorage(path: directory) {
                for entry in (try? storage.list()) ?? [] { try? storage.remove(entry.name) }
            }
            rmdir(directory)
        }
        try body(directory)
    }

    @Test func aJournalComesBackFromRealFiles() throws {
        try withDirectory { path in
            var acknowledged: UInt64 = 0
            for restart in 0..<4 {
                let process = try Process(try FileStorage(path: path))
                #expect(process.report.lastSequence == acknowledged)
                #expect(process.report.tornTail == nil)
                try process.append(records: 25, bytes: 300)
                try process.snapshot()
                _ = try Retention.apply(to: process.directory)
                try process.append(records: 3 + restart)
                acknowledged = process.journal.lastSequence
            }
            let storage = try FileStorage(path: path)
            let report = try Verification.run(
                storage, rulesVersion: Process.rulesVersion, into: Collector())
            #expect(report.lastSequence == acknowledged)
            #expect(report.snapshots.count == 2)
        }
    }

    @Test func aLargeRecordOfManyPartsIsWrittenWhole() throws {
        try withDirectory { path in
            let part = Process.payload(5, bytes: 1001)
            do {
                let process = try Process(try FileStorage(path: path), limits: PersistenceLimits())
                try part.withUnsafeBytes { bytes in
                    // More parts than one call of the kernel takes.
                    try process.journal.append(
                        RecordFields(kind: 1, firstSequence: 1, count: 9, timestamp: 3),
                        payload: Array(repeating: bytes, count: 2500))
                }
            }
            let process = try Process(try FileStorage(path: path), limits: PersistenceLimits())
            let payload = try #require(process.replayed.records.first).1
            #expect(payload.count == 2500 * 1001)
            #expect(payload.prefix(1001).elementsEqual(part))
            #expect(payload.suffix(1001).elementsEqual(part))
        }
    }

    @Test func onlyTheOwnerMayReadTheFiles() throws {
        try withDirectory { path in
            let process = try Process(try FileStorage(path: path))
            try process.append()
            for name in try FileStorage(path: path).names() {
                var status = stat()
                #expect(stat(path + "/" + name, &status) == 0)
                #expect(status.st_mode & 0o777 == 0o600, "\(name)")
            }
        }
    }

    @Test func theLockIsHeldAgainstOtherDescriptorsToo() throws {
        try withDirectory { path in
            var process: Process? = try Process(try FileStorage(path: path))
            let other = try FileStorage(path: path)
            #expect(throws: StorageFault.locked(path: path)) { try Process(other) }
            #expect(process != nil)
            process = nil
            _ = try Process(other)
        }
    }

    @Test func aMissingDirectoryIsMadeOrMissed() throws {
        try withDirectory { path in
            let inner = path + "/inner"
            #expect(throws: StorageFault.missing(file: inner)) {
                try FileStorage(path: inner, createIfMissing: false)
            }
            _ = try FileStorage(path: inner)
            #expect(try FileStorage(path: path).names().isEmpty)
            #expect(rmdir(inner) == 0)
        }
    }

    @Test func aFileThatIsNotThereIsMissing() throws {
        try withDirectory { path in
            let storage = try FileStorage(path: path)
            #expect(throws: StorageFault.missing(file: "x")) { try storage.open("x", for: .read) }
            #expect(throws: StorageFault.missing(file: "x")) { try storage.remove("x") }
        }
    }

    @Test func aDeviceWithoutRoomIsFull() throws {
        let storage = try FileStorage(path: "/dev", createIfMissing: false)
        let file = try storage.open("full", for: .update)
        #expect(throws: StorageFault.full(file: "full")) {
            try [1, 2, 3].withUnsafeBytes { try file.write([$0], at: 0) }
        }
    }
}
