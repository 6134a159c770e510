import Persistence
import TallyActors
import Testing

@Suite("Snapshots, checks and starts beside a removal")
struct SnapshotOfRemovalTests {
    private let storage = MemoryStorage()
    private let clock = TestClock()
    private static let accounts = 30_000

    /// Phase 0 is removed, with a vote or two of every account; half of them voted in phase 1, too.
    private func startRemoved() async throws -> TallyService {
        let service = try await TallyService.start(storage, clock)
        #expect(await service.define(.phase("a", ballot: .points())) == .created)
        let other = ConsultationDefinition(phases: [.phase("stays")])
        #expect(
            await service.perform(.define(consultation: "other", definition: other)).outcome
                == .created)
        let votes = (0..<Self.accounts).flatMap { account in
            [
                Command.cast(.numbered(account), phase: 0, proposal: 0, points: 1_000_000),
                account % 2 == 0
                    ? .cast(.numbered(account), phase: 0, proposal: 1, points: 1)
                    : .cast(.numbered(account), phase: 1, proposal: 2),
            ]
        }
        await Connection().run(votes, on: service)
        for command: CatalogueCommand in [
            .closePhase(consultation: "c", phase: "a"), .remove(consultation: "c"),
        ] {
            #expect(await service.perform(command).outcome.refusal == nil)
        }
        return service
    }

    private func expectRest(_ service: TallyService) async throws {
        let cut = await service.cut()
        #expect(cut.catalogue.phase(0) == nil)
        #expect(cut.phase(1).voters == Int64(Self.accounts / 2))
        #expect(cut.phase(1).counts(of: 2)[0] == Int64(Self.accounts / 2))
        #expect((await service.votes(of: .numbered(0))).votes.isEmpty)
        #expect((await service.votes(of: .numbered(1))).votes.map(\.phase) == [1])
        #expect(cut.catalogue.seal(of: "a", in: "c") != nil)
        for _ in 0..<5_000 where service.status.ballots.votes != Self.accounts / 2 {
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(service.status.ballots.votes == Self.accounts / 2)
        #expect(service.status.ballots.accounts == Self.accounts / 2)
    }

    @Test("a snapshot written while votes are swept away holds none of them")
    func snapshot() async throws {
        let service = try await startRemoved()
        let snapshot = await service.snapshot()
        let position = try snapshot.get()
        let restarted = try await TallyService.start(storage.afterPowerLoss(), clock, ballots: 3)
        #expect(restarted.recovery.snapshot?.sequence == position)
        // Nothing is left to sweep: what the snapshot held is what there is.
        #expect(restarted.status.ballots.votes == Self.accounts / 2)
        #expect(restarted.status.ballots.accounts == Self.accounts / 2)
        try await expectRest(restarted)
        try await expectRest(service)
        await service.shutdown()
        await restarted.shutdown()
    }

    @Test("a directory with a removal passes its check, with and without a snapshot behind it")
    func verification() async throws {
        let service = try await startRemoved()
        for _ in 0..<2 {
            let report = try await DataVerification.run(copyOf: storage)
            #expect(report.votes == Self.accounts / 2)
            #expect(report.accounts == Self.accounts / 2)
            _ = await service.snapshot()
        }
        await service.shutdown()
    }

    @Test("a start that folds the removal from the journal sweeps, too")
    func journal() async throws {
        let service = try await startRemoved()
        let restarted = try await TallyService.start(storage.afterProcessDeath(), clock)
        try await expectRest(restarted)
        await service.shutdown()
        await restarted.shutdown()
    }
}
