import TallyActors
import Testing

@Suite("The ledger of changes")
struct CountLedgerTests {
    private var ledger = CountLedger()

    @Test("tells each cell once, and names what cancelled out as touched")
    mutating func sums() {
        ledger.add(1, phase: 0, proposal: 4, option: 1, of: 3)
        ledger.add(1, phase: 2, proposal: 0, option: 0, of: 1)
        ledger.add(-1, phase: 2, proposal: 0, option: 0, of: 1)
        ledger.add(1, phase: 0, proposal: 4, option: 1, of: 3)
        ledger.add(1, phase: 0, proposal: 4, option: 2, of: 3)
        ledger.add(-1, phase: 0, proposal: 4, option: 2, of: 3)
        ledger.add(-1, phase: 0, proposal: 4, option: 2, of: 3)
        ledger.addVoter(1, phase: 0, of: 3)
        ledger.addVoter(1, phase: 2, of: 1)
        ledger.addVoter(-1, phase: 2, of: 1)
        var touched: Set<[UInt32]> = []
        let changes = ledger.take { touched.insert([$0, $1]) }
        #expect(
            changes.cells == [
                CountChanges.CellChange(phase: 0, proposal: 4, option: 1, delta: 2),
                CountChanges.CellChange(phase: 0, proposal: 4, option: 2, delta: -1),
            ])
        #expect(changes.voters == [CountChanges.VotersChange(phase: 0, delta: 1)])
        #expect(touched == [[0, 4], [2, 0]])
        let none = ledger.take { _, _ in Issue.record("nothing was touched") }
        #expect(none.isEmpty)
    }

    @Test("sums points of any size, beside the votes that gave them")
    mutating func points() {
        let votes: Int64 = 40_000_000
        for _ in 0..<2 {
            ledger.add(votes, phase: 1, proposal: 3, option: 0, of: 2)
            ledger.add(votes * 1_000_000, phase: 1, proposal: 3, option: 1, of: 2)
        }
        ledger.add(-1_000_000, phase: 1, proposal: 3, option: 1, of: 2)
        #expect(
            ledger.take { _, _ in }.cells == [
                CountChanges.CellChange(phase: 1, proposal: 3, option: 0, delta: 80_000_000),
                CountChanges.CellChange(
                    phase: 1, proposal: 3, option: 1, delta: 79_999_999_000_000),
            ])
    }

    @Test("starts afresh with a phase whose options changed")
    mutating func forget() {
        ledger.add(1, phase: 0, proposal: 9, option: 0, of: 1)
        _ = ledger.take { _, _ in }
        ledger.forget(0)
        ledger.forget(7)
        ledger.add(1, phase: 0, proposal: 2, option: 3, of: 4)
        #expect(
            ledger.take { _, _ in }.cells == [
                CountChanges.CellChange(phase: 0, proposal: 2, option: 3, delta: 1)
            ])
    }
}
