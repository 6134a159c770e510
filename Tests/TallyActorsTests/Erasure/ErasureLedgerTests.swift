import TallyActors
import Testing

@Suite("Which deletions are not yet physical")
struct ErasureLedgerTests {
    private var ledger = ErasureLedger(since: .at(0))

    @Test("a deletion is physical when two snapshots that began after it are durable")
    mutating func twoSnapshots() {
        ledger.observe(total: 3, at: .at(100))
        #expect(ledger.pending == 3)
        #expect(ledger.since == .at(100))
        #expect(ledger.beginSnapshot() == ErasureLedger.Class(count: 3, since: .at(100)))
        ledger.endSnapshot(isDurable: true)
        #expect(ledger.pending == 3)
        #expect(ledger.beginSnapshot() == .none)
        #expect(ledger.pending == 3)
        ledger.endSnapshot(isDurable: true)
        #expect(ledger.pending == 0)
        #expect(ledger.since == nil)
    }

    @Test("one that comes while a snapshot is written waits for two later ones")
    mutating func meanwhile() {
        ledger.observe(total: 1, at: .at(100))
        _ = ledger.beginSnapshot()
        ledger.observe(total: 2, at: .at(200))
        ledger.endSnapshot(isDurable: true)
        #expect(ledger.beginSnapshot() == ErasureLedger.Class(count: 1, since: .at(200)))
        ledger.endSnapshot(isDurable: true)
        #expect(ledger.pending == 1)
        #expect(ledger.since == .at(200))
    }

    @Test("a snapshot that could not be written makes nothing physical")
    mutating func failure() {
        ledger.observe(total: 1, at: .at(100))
        _ = ledger.beginSnapshot()
        ledger.endSnapshot(isDurable: true)
        ledger.observe(total: 2, at: .at(200))
        _ = ledger.beginSnapshot()
        ledger.endSnapshot(isDurable: false)
        #expect(ledger.pending == 2)
        #expect(ledger.since == .at(100))
        #expect(ledger.beginSnapshot() == ErasureLedger.Class(count: 1, since: .at(200)))
    }

    @Test("a start counts what the snapshot and the journal behind it hold")
    func start() {
        let stored = ErasureLedger.Class(count: 2, since: .at(50))
        var ledger = ErasureLedger(stored: stored, replayed: 3, since: .at(70))
        #expect(ledger.pending == 5)
        #expect(ledger.since == .at(50))
        ledger.observe(total: 3, at: .at(90))
        #expect(ledger.pending == 5)
        ledger.observe(total: 4, at: .at(90))
        #expect(ledger.pending == 6)
    }

    @Test("what a snapshot held is waited for anew after a start: its segment may go on beyond it")
    func startWaits() {
        let stored = ErasureLedger.Class(count: 2, since: .at(50))
        var ledger = ErasureLedger(stored: stored, keptFiles: 1, since: .at(70))
        #expect(ledger.pending == 3)
        #expect(ledger.all == ErasureLedger.Class(count: 3, since: .at(50)))
        #expect(ledger.beginSnapshot() == stored)
        ledger.endSnapshot(isDurable: true)
        #expect(ledger.pending == 2)
        _ = ledger.beginSnapshot()
        ledger.endSnapshot(isDurable: true)
        #expect(ledger.pending == 0)
    }
}
