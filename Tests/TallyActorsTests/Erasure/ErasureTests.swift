import Persistence
import TallyActors
import Testing

@Suite("Deletions become physical")
struct ErasureTests {
    private let storage = MemoryStorage()
    private let clock = TestClock()
    private let connection = Connection()
    private let leaver = AccountKey(low: 0x1122_3344_5566_7788, high: 0x99AA_BBCC_DDEE_FF00)

    /// A service in which the leaver voted and was deleted.
    private func startWithDeletion() async throws -> TallyService {
        let service = try await TallyService.start(storage, clock)
        #expect(await service.define(.phase("a")) == .created)
        await connection.run(
            [
                .cast(leaver, phase: 0, proposal: 0), .cast(.numbered(1), phase: 0, proposal: 0),
                .delete(leaver),
            ], on: service)
        // The sequencer looks once a second.
        clock.advance(by: 1000)
        return service
    }

    /// How often the leaver's hash stands in all files, tombstones in snapshots apart.
    private func traces(in storage: MemoryStorage) throws -> Int {
        var needle: [UInt8] = []
        for word in [leaver.low, leaver.high] {
            withUnsafeBytes(of: word.littleEndian) { needle.append(contentsOf: $0) }
        }
        var traces = 0
        for entry in try storage.list() {
            let file = try storage.open(entry.name, for: .read)
            var bytes = [UInt8](repeating: 0, count: Int(entry.size))
            _ = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
            for start in bytes.indices where bytes[start] == needle[0] {
                guard bytes[start...].starts(with: needle) else { continue }
                let votes = bytes[(start + 16)...].prefix(4)
                let isTombstone = entry.name.hasPrefix("snapshot") && votes.allSatisfy { $0 == 0 }
                if !isTombstone { traces += 1 }
            }
        }
        return traces
    }

    @Test("when it is asked for: nothing but the refusal is left of the account")
    func forced() async throws {
        let service = try await startWithDeletion()
        #expect(try await service.reaches { $0.erasure.pending == 1 })
        #expect(
            service.status.sequencer.erasure.until
                == .at(1_001_000 + ErasureStatus.interval))
        #expect(try traces(in: storage) == 2)
        #expect(await service.erase() == .success(ErasureStatus()))
        #expect(try traces(in: storage) == 0)
        let report = try await DataVerification.run(copyOf: storage)
        #expect(report.votes == 1)
        #expect(report.deletedAccounts == 1)
        let outcome = await connection.run(
            [.cast(leaver, phase: 0, proposal: 0)], on: service)
        #expect(outcome.codes == [.accountDeleted])
        clock.advance(by: 1000)
        #expect(try await service.reaches { $0.erasure.pending == 1 })
        await service.shutdown()
    }

    @Test("by the schedule, also when nothing else happens")
    func scheduled() async throws {
        let service = try await startWithDeletion()
        for snapshots in UInt64(1)...2 {
            clock.advance(by: SnapshotSchedule.interval)
            #expect(try await service.reaches { $0.snapshots == snapshots })
        }
        #expect(service.status.sequencer.erasure.pending == 0)
        #expect(try traces(in: storage) == 0)
        clock.advance(by: SnapshotSchedule.interval)
        #expect(try await service.reaches { $0.erasure.pending == 0 })
        #expect(service.status.sequencer.snapshots == 2)
        await service.shutdown()
    }

    @Test("not by one snapshot alone, over a restart either")
    func restart() async throws {
        let first = try await startWithDeletion()
        #expect(try (await first.snapshot()).get() > 0)
        #expect(first.status.sequencer.erasure.pending == 1)
        await first.shutdown()
        let again = storage.afterProcessDeath()
        let second = try await TallyService.start(again, clock, ballots: 3)
        #expect(try await second.reaches { $0.erasure.pending == 1 })
        #expect(try traces(in: again) > 0)
        #expect(await second.erase() == .success(ErasureStatus()))
        #expect(try traces(in: again) == 0)
        await second.shutdown()
    }
}
