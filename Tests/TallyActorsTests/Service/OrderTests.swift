import Persistence
import Synchronization
import TallyActors
import Testing

@Suite("Order, and what is acknowledged when")
struct OrderTests {
    private let storage = MemoryStorage()
    private let clock = TestClock()

    private func start(shards: Int = 4) async throws -> TallyService {
        let service = try await TallyService.start(
            storage, clock, ballots: shards, tallies: shards)
        #expect(
            await service.define(.phase("a"), .phase("b", ballot: .choice("yes", "no")))
                == .created)
        return service
    }

    private static func commands(_ random: inout SeededRandom, accounts: Int) -> [Command] {
        (0..<random.int(0..<30)).map { _ in
            let account = AccountKey.numbered(random.int(0..<accounts))
            let phase = UInt32(random.int(0..<2))
            let proposal = UInt32(random.int(0..<3))
            return switch random.int(0..<50) {
            case 0: Command.delete(account)
            case 1..<12: Command.withdraw(account, phase: phase, proposal: proposal)
            case 12..<31: Command.cast(account, phase: 0, proposal: proposal)
            default:
                Command.cast(
                    account, phase: 1, proposal: proposal, choice: UInt32(random.int(0..<2)))
            }
        }
    }

    @Test("every cut is the state after its own position, while connections vote and delete")
    func cutsBesideVotes() async throws {
        let service = try await start()
        let accounts = 200
        let connections = (0..<4).map { _ in Connection() }
        let cuts = await withTaskGroup(of: [Cut].self) { group in
            for (number, connection) in connections.enumerated() {
                group.addTask {
                    var random = SeededRandom(seed: UInt64(number))
                    for _ in 0..<150 {
                        connection.submit(
                            Self.commands(&random, accounts: accounts), to: service)
                        if random.oneIn(5) { await connection.settle() }
                    }
                    await connection.settle()
                    return []
                }
            }
            for _ in 0..<2 {
                group.addTask {
                    var cuts: [Cut] = []
                    for _ in 0..<100 {
                        let acknowledged = connections.flatMap(\.batches).last?.appliedSequence
                        let cut = await service.cut()
                        #expect(cut.sequence >= acknowledged ?? 0)
                        #expect(cut.sequence >= cuts.last?.sequence ?? 0)
                        cuts.append(cut)
                    }
                    return cuts
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        for connection in connections { #expect(connection.isInOrder) }
        let last = await service.cut()
        check(cuts + [last], against: connections.flatMap(\.batches), accounts: accounts)
        _ = try await DataVerification.run(copyOf: storage)
        await service.shutdown()
    }

    /// Folds all batches in the order of their numbers, and compares each cut on the way.
    private func check(_ cuts: [Cut], against batches: [CommandBatch], accounts: Int) {
        let numbers = Dictionary(
            uniqueKeysWithValues: (0..<accounts).map { (AccountKey.numbered($0), $0) })
        var model = NaiveModel()
        model.position = 1
        for (id, rule): (Identifier, BallotRule) in [
            ("a", .support), ("b", .choice("yes", "no")),
        ] {
            let proposals: [Identifier] = ["p0", "p1", "p2"]
            model.phases.append(
                NaivePhase(
                    consultation: "c", id: id, ballot: rule,
                    proposals: proposals.map { NaivePhase.Proposal(id: $0) }, now: 0))
        }
        var rest = cuts.sorted { $0.sequence < $1.sequence }[...]
        func compare() {
            while let cut = rest.first, cut.sequence == model.position {
                rest.removeFirst()
                for phase in 0..<2 {
                    #expect(cut.phase(UInt32(phase)).voters == model.voters(phase))
                    let counts = model.counts(phase)
                    for proposal in UInt32(0)..<3 {
                        for option in 0..<(phase + 1) {
                            #expect(
                                cut.phase(UInt32(phase)).counts(of: proposal)[option]
                                    == counts[[proposal, UInt32(option)], default: 0])
                        }
                    }
                }
            }
        }
        compare()
        for batch in batches.sorted(by: { $0.firstSequence < $1.firstSequence })
        where batch.count > 0 {
            #expect(batch.firstSequence == model.position + 1)
            let expected = batch.commands.map {
                model.apply($0.head, votes: $0.votes, account: numbers[$0.head.account]!)
            }
            #expect(batch.outcomes == expected)
            compare()
        }
        #expect(rest.isEmpty)
        #expect(cuts.last?.sequence == model.position)
    }

    private final class Flag: Sendable {
        let isSet = Mutex(false)
    }

    @Test("batches come back in order, once each, also across a shutdown", arguments: 1...3)
    func shutdown(round: Int) async throws {
        let service = try await start()
        let connection = Connection()
        let vote = Command.cast(.numbered(round), phase: 0, proposal: 0)
        // A batch that is under way for a while, and many behind it, before and after the stop.
        connection.submit([Command](repeating: vote, count: 300_000), to: service)
        let isStopping = Flag()
        await withTaskGroup { group in
            group.addTask {
                isStopping.isSet.withLock { $0 = true }
                await service.shutdown()
            }
            while !isStopping.isSet.withLock({ $0 }) {
                connection.submit([vote], to: service)
                await Task.yield()
            }
            for _ in 0..<1_000 { connection.submit([vote], to: service) }
        }
        await connection.settle()
        #expect(connection.isInOrder)
        let refusals = connection.batches.map(\.refusal)
        let taken = refusals.prefix { $0 == nil }.count
        #expect(refusals.dropFirst(taken).allSatisfy { $0 == .draining })
        let restarted = try await TallyService.start(storage.afterPowerLoss(), clock)
        #expect(restarted.recovery.lastSequence == UInt64(300_000 + taken))
        await restarted.shutdown()
    }

    @Test("after a shutdown everything is refused as draining")
    func draining() async throws {
        let service = try await start()
        await service.shutdown()
        await service.shutdown()
        let connection = Connection()
        #expect((await connection.run([.delete(.numbered(1))], on: service)).refusal == .draining)
        #expect(await service.define(.phase("z")).refusal == .draining)
        #expect(await service.snapshot() == .failure(.draining))
        #expect((await service.cut()).sequence == 1)
    }

    @Test("a definition's reply has an applied position, whether or not it changed something")
    func applied() async throws {
        let service = try await start()
        let connection = Connection()
        for account in 0..<200 {
            let batch = (0..<500).map { _ in
                Command.cast(.numbered(account), phase: 0, proposal: 0)
            }
            connection.submit(batch, to: service)
            let (outcome, sequence) = await service.perform(
                .openPhase(consultation: "c", phase: "a"))
            #expect(outcome == .state(.open))
            #expect(service.status.position >= sequence)
            #expect(sequence == UInt64(1 + 500 * (account + 1)))
        }
        await service.shutdown()
    }

    @Test("a precondition is asked at the command's own position")
    func preconditions() async throws {
        let service = try await start()
        let catalogue = service.catalogue
        let first = await service.perform(
            .closePhase(consultation: "c", phase: "a"), if: { $0 === catalogue })
        let second = await service.perform(
            .closePhase(consultation: "c", phase: "b"), if: { $0 === catalogue })
        #expect(first.outcome == .state(.closed))
        #expect(second.outcome.refusal == .preconditionFailed)
        #expect(second.sequence == first.sequence)
        #expect(service.catalogue.phase(1)?.state == .open)
        await service.shutdown()
    }

    /// Reads the service's figures in the moment in which it is told of a batch.
    private final class Reader: BatchCompletion {
        let service: TallyService
        let figures = Mutex<[Int]>([])

        init(_ service: TallyService) {
            self.service = service
        }

        func batchApplied(_ batch: CommandBatch) {
            let votes = service.status.ballots.votes
            figures.withLock { $0.append(votes) }
        }
    }

    @Test("figures read after an outcome include it")
    func statistics() async throws {
        let service = try await start(shards: 3)
        let reader = Reader(service)
        let connection = Connection()
        for account in 0..<300 {
            let batch = CommandBatch(capacity: 1, completion: reader)
            batch.append(.cast(.numbered(account), phase: 0, proposal: 1))
            service.submit(batch)
            await connection.run([], on: service)
        }
        #expect(reader.figures.withLock { $0 } == Array(1...300))
        await service.shutdown()
    }

    @Test("several who wait for a snapshot get one that holds what they had been told")
    func snapshots() async throws {
        let service = try await start()
        let connection = Connection()
        let positions = try await withThrowingTaskGroup(of: UInt64.self) { group in
            for account in 0..<40 {
                let batch = await connection.run(
                    [.cast(.numbered(account), phase: 0, proposal: 0)], on: service)
                group.addTask {
                    let sequence = try await service.snapshot().get()
                    #expect(sequence >= batch.appliedSequence)
                    return sequence
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(positions.max() == 41)
        let report = try await DataVerification.run(copyOf: storage)
        #expect(report.votes == 40)
        await service.shutdown()
    }

    @Test("one jump of the wall clock ends no phase, and time goes on when it is back")
    func clockJump() async throws {
        let service = try await TallyService.start(storage, clock)
        #expect(await service.define(.phase("a", closesAt: 1_000_500)) == .created)
        let connection = Connection()
        let vote = Command.cast(.numbered(1), phase: 0, proposal: 0)
        clock.jump(by: 3_600_000)
        #expect((await connection.run([vote], on: service)).codes == [.counted])
        clock.advance(by: 1_000)
        #expect((await connection.run([vote], on: service)).codes == [.unchanged])
        #expect((await service.cut()).asOf == .at(1_001_000))
        clock.jump(by: -3_600_000)
        #expect((await connection.run([vote], on: service)).codes == [.phaseClosed])
        #expect((await service.cut()).catalogue.phase(0)?.seal?.at == .at(1_001_000))
        await service.shutdown()
    }

    @Test("what fell due while no server ran takes place before anybody is served")
    func dueAtTheStart() async throws {
        let service = try await TallyService.start(storage, clock)
        #expect(
            await service.define(
                .phase("a", closesAt: 1_500_000), .phase("b", opensAt: 1_600_000)) == .created)
        await service.shutdown()
        clock.advance(by: 3_600_000)
        let restarted = try await TallyService.start(storage.afterProcessDeath(), clock)
        #expect(restarted.catalogue.phases.map { $0?.state } == [.closed, .open])
        #expect(restarted.status.position == 3)
        await restarted.shutdown()
    }
}
