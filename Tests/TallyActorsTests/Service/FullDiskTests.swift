import Persistence
import TallyActors
import Testing

@Suite("A full disk")
struct FullDiskTests {
    /// Room for the reserve and one segment of the journal, and for no second one.
    private static let oneSegment: Int64 = 100 << 20

    private let storage = MemoryStorage()
    private let clock = TestClock()
    private let connection = Connection()

    private func vote(_ account: Int, proposal: UInt32 = 0) -> Command {
        .cast(.numbered(account), phase: 0, proposal: proposal)
    }

    /// A service with one open phase, and a segment that has no room for another vote.
    private func startFull() async throws -> TallyService {
        storage.setCapacity(Self.oneSegment)
        let service = try await TallyService.start(storage, clock)
        #expect(await service.define(.phase("a", closesAt: 2_000_000)) == .created)
        let filling = [Command](
            repeating: .cast(.numbered(0), phase: 9, proposal: 0), count: 340_000)
        let single = [Command](filling.prefix(1))
        var batch = await connection.run(filling, on: service)
        while batch.refusal == nil { batch = await connection.run(filling, on: service) }
        repeat {
            batch = await connection.run(
                [Command](filling.prefix(max(1, batch.count / 2))), on: service)
        } while batch.count > 1 || batch.refusal == nil
        #expect((await connection.run(single, on: service)).refusal == .storageUnavailable)
        return service
    }

    @Test("refuses batches whole, gives no numbers away, and recovers by itself")
    func refusal() async throws {
        let service = try await startFull()
        let position = service.status.position
        #expect(!service.status.sequencer.hasRoom)
        let refused = await connection.run([vote(1), vote(2)], on: service)
        #expect(refused.refusal == .storageUnavailable)
        #expect(refused.appliedSequence == position)
        #expect((await service.cut()).phase(0).voters == 0)
        #expect(
            await service.define(.phase("a", title: "A", closesAt: 2_000_000)).refusal
                == .storageUnavailable)
        #expect(service.catalogue.sequence == 1)
        storage.setCapacity(nil)
        let taken = await connection.run([vote(1), vote(2)], on: service)
        #expect(taken.refusal == nil)
        #expect(taken.firstSequence == position + 1)
        #expect((await service.cut()).phase(0).voters == 2)
        #expect(connection.isInOrder)
        let report = try await DataVerification.run(copyOf: storage)
        #expect(report.votes == 2)
        await service.shutdown()
    }

    @Test("breaks a stream for good at its first batch that found no room")
    func lanes() async throws {
        let service = try await startFull()
        let broken = BatchLane()
        let whole = BatchLane()
        #expect(
            (await connection.run([vote(1)], on: service, lane: broken)).refusal
                == .storageUnavailable)
        storage.setCapacity(nil)
        let position = service.status.position
        connection.submit([vote(2)], to: service, lane: broken)
        connection.submit([vote(3)], to: service, lane: whole)
        connection.submit([], to: service, lane: broken)
        connection.submit([vote(4)], to: service)
        await connection.settle()
        let last = connection.batches.suffix(4)
        #expect(
            last.map(\.refusal) == [.storageUnavailable, nil, .storageUnavailable, nil])
        #expect(
            last.filter { $0.refusal == nil }.map(\.firstSequence) == [position + 1, position + 2])
        #expect((await service.votes(of: .numbered(2))).votes.isEmpty)
        #expect((await service.cut()).phase(0).voters == 2)
        #expect(connection.isInOrder)
        await service.shutdown()
    }

    @Test("keeps room to delete accounts, and refuses the votes beside them in their order")
    func deleting() async throws {
        let service = try await startFull()
        let position = service.status.position
        connection.submit([.delete(.numbered(1))], to: service)
        connection.submit([vote(2)], to: service)
        connection.submit([.delete(.numbered(3)), .delete(.numbered(1))], to: service)
        await connection.settle()
        let last = connection.batches.suffix(3)
        #expect(last.map(\.refusal) == [nil, .storageUnavailable, nil])
        #expect(service.status.position == position + 3)
        #expect(connection.isInOrder)
        await service.shutdown()
        let restarted = try await TallyService.start(storage.afterPowerLoss(), clock)
        #expect((await restarted.votes(of: .numbered(1))).isDeleted)
        #expect((await restarted.votes(of: .numbered(3))).isDeleted)
        await restarted.shutdown()
    }

    @Test("keeps room to close a phase, by hand and by its time")
    func closing() async throws {
        let byHand = try await startFull()
        let (outcome, sequence) = await byHand.perform(.closePhase(consultation: "c", phase: "a"))
        #expect(outcome == .state(.closed))
        #expect(sequence == byHand.status.position)
        await byHand.shutdown()
        let restarted = try await TallyService.start(storage.afterPowerLoss(), clock)
        #expect(restarted.catalogue.phase(0)?.state == .closed)
        await restarted.shutdown()
    }

    @Test("keeps room to close a phase whose time has come")
    func closingByTime() async throws {
        let service = try await startFull()
        for _ in 0..<300 {
            clock.advance(by: 4_000)
            await connection.run([], on: service)
        }
        #expect(service.catalogue.phase(0)?.state == .closed)
        #expect((await connection.run([vote(1)], on: service)).refusal == .storageUnavailable)
        storage.setCapacity(nil)
        #expect((await connection.run([vote(1)], on: service)).codes == [.phaseClosed])
        await service.shutdown()
    }

    @Test("starts without any room, and serves when there is some")
    func startsWithoutRoom() async throws {
        storage.setCapacity(1 << 20)
        let service = try await TallyService.start(storage, clock)
        #expect(await service.define(.phase("a")).refusal == .storageUnavailable)
        #expect((await service.cut()).sequence == 0)
        storage.setCapacity(nil)
        #expect(await service.define(.phase("a")) == .created)
        #expect((await connection.run([vote(1)], on: service)).codes == [.counted])
        await service.shutdown()
    }

    @Test("a snapshot without room is refused, and votes go on")
    func snapshot() async throws {
        let service = try await TallyService.start(storage, clock)
        #expect(await service.define(.phase("a")) == .created)
        await connection.run([vote(1)], on: service)
        storage.setCapacity(try storage.list().reduce(0) { $0 + $1.size })
        #expect(await service.snapshot() == .failure(.storageUnavailable))
        #expect((await connection.run([vote(2)], on: service)).codes == [.counted])
        storage.setCapacity(nil)
        #expect(await service.snapshot() == .success(3))
        let restarted = try await TallyService.start(storage.afterPowerLoss(), clock)
        #expect(restarted.recovery.snapshot?.sequence == 3)
        #expect((await restarted.cut()).phase(0).voters == 2)
        await service.shutdown()
        await restarted.shutdown()
    }
}
