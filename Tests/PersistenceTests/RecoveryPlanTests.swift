import Persistence
import Testing

/// What to read, decided by names and headers alone.
@Suite struct RecoveryPlanTests {
    private func header(_ sequence: UInt64) -> SnapshotHeader {
        SnapshotHeader(sequence: sequence, timestamp: 0, chainDigest: Self.digest)
    }

    private func whole(_ sequence: UInt64) -> SnapshotCondition {
        SnapshotCondition(whole: header(sequence))
    }

    private func damaged(_ sequence: UInt64) -> SnapshotCondition {
        SnapshotCondition(
            sequence: sequence,
            damage: Damage(file: "snapshot \(sequence)", offset: 0, reason: "torn"))
    }

    private func plan(
        _ segments: [UInt64], _ snapshots: [SnapshotCondition] = [], mark: UInt64 = 0
    ) throws -> RecoveryPlan {
        var content = DirectoryContent([])
        content.segments = segments
        content.snapshots = snapshots.map(\.sequence)
        return try RecoveryPlan(content: content, snapshots: snapshots, mark: mark)
    }

    private func start(_ snapshot: UInt64?, _ segments: [UInt64]) -> RecoveryPlan.Start {
        RecoveryPlan.Start(snapshot: snapshot.map(header), segments: segments)
    }

    private static let digest: ChainDigest = {
        guard let process = try? Process(MemoryStorage()) else {
            preconditionFailure("an empty directory in memory does not open")
        }
        return process.journal.chainDigest
    }()

    @Test func nothingStartsFromNothing() throws {
        #expect(try plan([]).starts == [start(nil, [])])
    }

    @Test func aJournalAloneIsReadWhole() throws {
        #expect(try plan([1, 10, 20]).starts == [start(nil, [1, 10, 20])])
    }

    @Test func theNewestSnapshotComesFirst() throws {
        #expect(
            try plan([1, 10, 20], [whole(9), whole(15)]).starts == [
                start(15, [10, 20]), start(9, [10, 20]), start(nil, [1, 10, 20]),
            ])
    }

    @Test func theSegmentAfterASnapshotMayBeTheOpenOne() throws {
        #expect(try plan([10, 20], [whole(19)]).starts == [start(19, [20])])
        #expect(try plan([10, 20], [whole(18)]).starts == [start(18, [10, 20])])
    }

    @Test func aDamagedSnapshotIsPassedOver() throws {
        let plan = try plan([10, 20], [whole(12), damaged(25)])
        #expect(plan.starts == [start(12, [10, 20])])
        #expect(plan.damagedSnapshots.map(\.file) == ["snapshot 25"])
        #expect(plan.mustReach == 25)
    }

    @Test func theMarkMustBeReached() throws {
        #expect(try plan([1], mark: 99).mustReach == 99)
        #expect(try plan([1], [whole(120)], mark: 99).mustReach == 120)
    }

    @Test func withoutAJournalTheMarkIsDamage() throws {
        #expect(throws: Damage.self) { try plan([], mark: 5) }
    }

    @Test func aJournalThatBeginsTooLateIsNamed() throws {
        let late = #expect(throws: Damage.self) { try plan([10]) }
        #expect(late?.file == "journal-00000000000000000001.seg")
        let later = #expect(throws: Damage.self) { try plan([10], [whole(5)]) }
        #expect(later?.file == "journal-00000000000000000006.seg")
    }

    @Test func withNothingButDamagedSnapshotsTheNewestIsNamed() throws {
        let damage = #expect(throws: Damage.self) { try plan([10], [damaged(12), damaged(15)]) }
        #expect(damage?.file == "snapshot 15")
    }
}
