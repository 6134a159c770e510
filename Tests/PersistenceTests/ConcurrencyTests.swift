import Persistence
import Testing

@Suite struct ConcurrencyTests {
    @Test func snapshotsAreWrittenBesideTheJournal() async throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append(records: 3)
        let directory = process.directory
        for _ in 0..<20 {
            let sequence = process.journal.lastSequence
            let digest = process.journal.chainDigest
            async let summary = Self.snapshot(of: directory, sequence, digest)
            try process.append(records: 40, bytes: 200)
            #expect(try await summary.sequence == sequence)
        }
        let after = try Process(storage.afterPowerLoss())
        #expect(after.report.lastSequence == 9 + 20 * 120)
        #expect(after.report.records == 40)
        #expect(try storage.snapshots().count == 2)
        let report = try Verification.run(
            storage.afterProcessDeath(), rulesVersion: Process.rulesVersion,
            limits: Process.limits, into: Collector())
        #expect(report.snapshots.count == 2)
    }

    private static func snapshot(
        of directory: DataDirectory, _ sequence: UInt64, _ digest: ChainDigest
    ) async throws -> SnapshotSummary {
        let writer = try SnapshotWriter(
            directory, sequence: sequence, timestamp: 1, chainDigest: digest)
        for index in 0..<50 {
            try Process.payload(UInt64(index), bytes: 700).withUnsafeBytes {
                try writer.appendChunk(kind: 1, $0)
            }
        }
        let summary = try writer.finish()
        _ = try Retention.apply(to: directory)
        return summary
    }
}
