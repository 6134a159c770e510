import TallyActors
import Testing

@Suite("The counts and their cuts")
struct TallyMachineTests {
    /// Three machines that share the proposals of one catalogue, and the newest cut of them.
    private struct Row {
        let catalogue: Catalogue
        var machines: [TallyMachine]
        var position: UInt64 = 1
        var cut: Cut

        init(shards: Int) {
            var driver = CatalogueDriver()
            let names = (0..<200).map { Identifier(validated: "p\($0)".utf8) }
            _ = driver.define(
                .phase("a", proposals: names), .phase("b", ballot: .choice("yes", "no", "maybe")))
            catalogue = driver.catalogue
            machines = (0..<shards).map { TallyMachine(shard: $0, of: shards) }
            for index in machines.indices { machines[index].adopt(catalogue, sequence: 1) }
            cut = Cut(sequence: 0, asOf: .at(0), catalogue: .empty, phases: [])
        }

        /// A record of `count` commands that changed these cells by one vote each.
        mutating func fold(
            _ cells: [(UInt32, UInt32, UInt32, Int64)], voters: [(UInt32, Int64)] = [],
            count: UInt64 = 1
        ) {
            var changes = CountChanges()
            changes.cells = cells.map {
                CountChanges.CellChange(phase: $0.0, proposal: $0.1, option: $0.2, delta: $0.3)
            }
            changes.voters = voters.map { CountChanges.VotersChange(phase: $0.0, delta: $0.1) }
            for index in machines.indices {
                machines[index].fold([changes], first: position + 1, last: position + count)
            }
            position += count
        }

        mutating func makeCut() -> Cut {
            let parts = machines.indices.map { machines[$0].cut() }
            cut = cut.advanced(
                to: position, asOf: .at(Int64(position)), catalogue: catalogue, parts: parts)
            return cut
        }
    }

    @Test(
        "a cut holds exactly what had been folded, for any number of shards",
        arguments: [1, 3, 256])
    func consistent(shards: Int) {
        var row = Row(shards: shards)
        row.fold([(0, 0, 0, 1), (0, 199, 0, 2), (1, 1, 2, 1)], voters: [(0, 2), (1, 1)], count: 3)
        let first = row.makeCut()
        row.fold([(0, 199, 0, -1), (1, 1, 2, -1), (1, 1, 0, 1)], voters: [(0, -1)])
        let second = row.makeCut()
        #expect(first.sequence == 4)
        #expect(first.phase(0).counts(of: 0)[0] == 1)
        #expect(first.phase(0).counts(of: 199)[0] == 2)
        #expect(first.phase(0).counts(of: 77)[0] == 0)
        #expect(first.phase(1).counts(of: 1)[2] == 1)
        #expect(first.phase(0).voters == 2)
        #expect(second.sequence == 5)
        #expect(second.phase(0).counts(of: 0)[0] == 1)
        #expect(second.phase(0).counts(of: 199)[0] == 1)
        #expect(second.phase(1).counts(of: 1)[2] == 0)
        #expect(second.phase(1).counts(of: 1)[0] == 1)
        #expect(second.phase(0).voters == 1)
        #expect(second.phase(1).voters == 1)
    }

    @Test("changedAt is the position of the record that changed it last")
    func changedAt() {
        var row = Row(shards: 3)
        row.fold([(0, 5, 0, 1)], voters: [(0, 1)], count: 10)
        row.fold([(1, 0, 1, 1)], count: 2)
        let cut = row.makeCut()
        #expect(cut.phase(0).changedAt == 11)
        #expect(cut.phase(1).changedAt == 13)
        #expect(cut.phase(0).counts(of: 5).changedAt == 11)
        #expect(cut.phase(0).counts(of: 6).changedAt == 0)
        row.fold([])
        #expect(row.makeCut().phase(1).changedAt == 13)
        row.fold([(0, 6, 0, 1)])
        let last = row.makeCut()
        #expect(last.phase(0).changedAt == 15)
        #expect(last.phase(0).counts(of: 5).changedAt == 11)
        #expect(last.phase(0).counts(of: 6).changedAt == 15)
    }

    @Test("the fingerprint follows from the counts and voters alone")
    func fingerprint() {
        var row = Row(shards: 3)
        let empty = row.makeCut().phase(0).fingerprint
        row.fold([(0, 5, 0, 1)], voters: [(0, 1)])
        let one = row.makeCut().phase(0).fingerprint
        row.fold([(0, 5, 0, -1), (0, 6, 0, 1)])
        let other = row.makeCut().phase(0).fingerprint
        row.fold([(0, 6, 0, -1), (0, 5, 0, 1)])
        let again = row.makeCut().phase(0).fingerprint
        row.fold([(0, 5, 0, -1)], voters: [(0, -1)])
        #expect(Set([empty, one, other]).count == 3)
        #expect(again == one)
        #expect(row.makeCut().phase(0).fingerprint == empty)
        var wider = Row(shards: 256)
        wider.fold([(0, 5, 0, 1)], voters: [(0, 1)], count: 7)
        #expect(wider.makeCut().phase(0).fingerprint == one)
    }

    @Test(
        "agrees with plain sums on random histories of records and cuts", arguments: UInt64(1)...5)
    func history(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var row = Row(shards: 1 + random.int(0..<8))
        var expected: [UInt32: Int64] = [:]
        for _ in 0..<300 {
            let touched = Set((0..<random.int(0..<20)).map { _ in UInt32(random.int(0..<200)) })
            row.fold(
                touched.sorted().map { proposal in
                    let delta = Int64(random.int(-Int(min(2, expected[proposal, default: 0]))..<3))
                    expected[proposal, default: 0] += delta
                    return (0, proposal, 0, delta)
                }, count: UInt64(1 + random.int(0..<5)))
            guard random.oneIn(3) else { continue }
            let phase = row.makeCut().phase(0)
            let wrong = (0..<UInt32(200)).count {
                phase.counts(of: $0)[0] != expected[$0, default: 0]
            }
            #expect(wrong == 0)
        }
    }
}
