import Persistence
import TallyActors
import Testing

@Suite("What a snapshot holds")
struct SnapshotContentTests {
    /// Takes the newest snapshot of a directory apart, for another number of shards.
    private final class Collector: ReplayTarget {
        private let shards: Int
        private var restoration: SnapshotRestoration
        private(set) var state: (catalogue: Catalogue, machines: [BallotMachine])?

        init(shards: Int) {
            self.shards = shards
            restoration = SnapshotRestoration(ballotShards: shards)
        }

        func begin(_ snapshot: SnapshotHeader?) throws {
            restoration = SnapshotRestoration(ballotShards: shards)
        }

        func chunk(kind: UInt8, _ bytes: UnsafeRawBufferPointer) throws {
            try restoration.take(kind: kind, bytes)
        }

        func endSnapshot() throws { state = try restoration.finish() }

        func record(_ fields: RecordFields, payload: UnsafeRawBufferPointer) throws {}
    }

    /// Writes the machine's state as a snapshot and reads it back.
    private func restored(
        _ ballots: BallotDriver, shards: Int, chunkBytes: Int
    ) throws -> (catalogue: Catalogue, machines: [BallotMachine]) {
        var limits = PersistenceLimits()
        limits.maximumChunkBytes = chunkBytes
        let storage = MemoryStorage()
        let directory = try DataDirectory.open(storage, rulesVersion: 1, limits: limits)
        let journal = try Recovery.run(directory, into: Collector(shards: 1)).journal
        let record = RecordFields(kind: 1, firstSequence: 1, count: 7, timestamp: 1234)
        try journal.append(record, payload: [])
        let content = SnapshotContent(
            sequence: 7, instant: .at(1234), chainDigest: journal.chainDigest,
            catalogue: ballots.definitions.catalogue, ballots: [ballots.machine])
        _ = try content.write(into: directory).get()
        let collector = Collector(shards: shards)
        let reopened = try DataDirectory.open(
            storage.afterPowerLoss(), rulesVersion: 1, limits: limits)
        _ = try Recovery.run(reopened, into: collector)
        return try #require(collector.state)
    }

    private func expect(
        _ state: (catalogue: Catalogue, machines: [BallotMachine]), equals ballots: BallotDriver,
        accounts: Range<Int>
    ) {
        let wrong = accounts.filter { number in
            let account = AccountKey.numbered(number)
            let machine = state.machines.first { $0.owns(account) }
            return machine?.votes(of: account) != ballots.votes(number)
        }
        #expect(wrong == [])
        var locks = VoteLocks()
        var counts: [[UInt32]: Int] = [:]
        var voters: [UInt32: Int] = [:]
        for machine in state.machines {
            locks.formUnion(machine.locks)
            let changes = machine.recount()
            for change in changes.cells {
                counts[[change.phase, change.proposal, change.option], default: 0] += Int(
                    change.delta)
            }
            for change in changes.voters { voters[change.phase, default: 0] += Int(change.delta) }
        }
        #expect(locks == ballots.machine.locks)
        #expect(counts == ballots.counts)
        #expect(voters == ballots.voters)
        #expect(state.machines.reduce(0) { $0 + $1.voteCount } == ballots.machine.voteCount)
        #expect(state.machines.reduce(0) { $0 + $1.accountCount } == ballots.machine.accountCount)
        #expect(
            state.machines.reduce(0) { $0 + $1.tombstoneCount } == ballots.machine.tombstoneCount)
    }

    @Test("comes back with another number of shards", arguments: [1, 3, 256])
    func roundTrip(shards: Int) throws {
        var ballots = BallotDriver()
        ballots.change {
            _ = $0.define(.phase("a"), .phase("b", ballot: .choice("yes", "no")), .phase("c"))
        }
        var random = SeededRandom(seed: 1)
        for _ in 0..<3_000 {
            _ = ballots.cast(
                random.int(0..<1_000), UInt32(random.int(0..<3)), UInt32(random.int(0..<3)),
                UInt32(random.int(0..<2)))
        }
        ballots.change { _ = $0.close("b") }
        for account in 900..<1_100 { _ = ballots.delete(account) }
        let state = try restored(ballots, shards: shards, chunkBytes: 1 << 20)
        #expect(state.catalogue.phases.map { $0?.state } == [.open, .closed, .open])
        expect(state, equals: ballots, accounts: 0..<1_200)
    }

    @Test("holds no vote of a removed phase that memory was not yet swept of")
    func sweeping() throws {
        var ballots = SweepingTests.removed(accounts: 3_000)
        for _ in 0..<100 { ballots.machine.sweepStep() }
        #expect(ballots.machine.isSweeping)
        let state = try restored(ballots, shards: 3, chunkBytes: 9_000)
        _ = SweepingTests.sweep(&ballots)
        expect(state, equals: ballots, accounts: 0..<3_000)
        #expect(!state.machines.contains { $0.isSweeping })
    }

    /// Accounts with more votes than a chunk holds, in front of, between and behind small ones and
    /// deleted ones, so that chunks end at every kind of place.
    @Test("comes back in chunks of any size", arguments: [24 + 8 * 1024, 9_000, 16_384, 65_536])
    func chunks(bytes: Int) throws {
        var ballots = BallotDriver()
        let names = (0..<6_000).map { Identifier(validated: "q\($0)".utf8) }
        ballots.change { _ = $0.define(.phase("wide", proposals: names)) }
        for account in 0..<40 {
            let count = [1, 5_500, 3, bytes / 8 - 3, 700][account % 5]
            for proposal in 0..<UInt32(min(count, 6_000)) {
                _ = ballots.machine.apply(
                    .cast(.numbered(account), phase: 0, proposal: proposal))
            }
        }
        for account in 40..<2_000 { _ = ballots.delete(account) }
        let state = try restored(ballots, shards: 2, chunkBytes: bytes)
        expect(state, equals: ballots, accounts: 0..<2_100)
    }

    /// All accounts lie in one chunk of the table: each ends a chunk of the snapshot exactly, and a
    /// deleted account is next.
    @Test("loses no deleted account where a chunk is full")
    func tombstoneAtTheEnd() throws {
        let chunkBytes = 24 + 8 * 1024
        var ballots = BallotDriver()
        let names = (0..<1_024).map { Identifier(validated: "q\($0)".utf8) }
        ballots.change { _ = $0.define(.phase("wide", proposals: names)) }
        for slot in 0..<20 {
            let account = AccountKey(low: UInt64(slot), high: 0)
            if slot % 2 == 1 {
                _ = ballots.apply(.delete(account))
                continue
            }
            for proposal in 0..<UInt32(1_024) {
                _ = ballots.machine.apply(
                    .cast(account, phase: 0, proposal: proposal))
            }
        }
        _ = ballots.delete(1)
        let state = try restored(ballots, shards: 1, chunkBytes: chunkBytes)
        #expect(state.machines[0].tombstoneCount == 11)
        for slot in 0..<20 {
            let votes = state.machines[0].votes(of: AccountKey(low: UInt64(slot), high: 0))
            #expect(votes?.count == (slot % 2 == 1 ? nil : 1_024))
        }
    }
}
