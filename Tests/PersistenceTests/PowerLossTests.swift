import Persistence
import Testing

/// Any operation may be the last one before the power goes.
@Suite struct PowerLossTests {
    @Test func whatWasAcknowledgedSurvivesAtEveryPointAndInEveryMixture() throws {
        for seed in UInt64(0)..<2000 {
            var random = SeededGenerator(seed: seed)
            var storage = MemoryStorage()
            var acknowledged: UInt64 = 0
            for _ in 0..<4 {
                if Bool.random(using: &random) {
                    // From nothing left at all to a few segments.
                    let used = try storage.list().reduce(0) { $0 + $1.size }
                    storage.setCapacity(used + Int64.random(in: 0...12_000, using: &random))
                }
                let count = Countdown(Int.random(in: 0..<120, using: &random))
                storage.intercept { operation, file in
                    count.next() ? nil : .failed(operation: operation, file: file, code: 5)
                }
                try? live(on: storage, acknowledged: &acknowledged, using: &random)
                storage.intercept(nil)
                storage.setCapacity(nil)
                let keeping = UInt8.random(in: 0...4, using: &random)
                storage = storage.afterPowerLoss { _ in
                    UInt8.random(in: 0..<4, using: &random) < keeping
                }
            }
            let after = try Process(storage)
            #expect(after.report.lastSequence >= acknowledged, "seed \(seed)")
            for (fields, payload) in after.replayed.records {
                #expect(
                    payload == Process.payload(fields.firstSequence, bytes: payload.count),
                    "seed \(seed)")
            }
        }
    }

    /// Votes, snapshots and retention, until something fails.
    private func live(
        on storage: MemoryStorage, acknowledged: inout UInt64,
        using random: inout SeededGenerator
    ) throws {
        let process = try Process(storage)
        guard process.journal.lastSequence >= acknowledged else {
            Issue.record("an acknowledged record is lost")
            return
        }
        for _ in 0..<40 {
            do {
                try step(of: process, using: &random)
            } catch StorageFault.full {
                // It goes on by itself.
            }
            acknowledged = process.journal.lastSequence
        }
    }

    private func step(of process: Process, using random: inout SeededGenerator) throws {
        switch Int.random(in: 0..<12, using: &random) {
        case 0:
            try process.journal.markDurable()
        case 1 where process.journal.lastSequence > 0:
            try process.snapshot()
            _ = try Retention.apply(to: process.directory)
        case 2:
            try process.journal.roll()
        default:
            try process.append(
                bytes: Int.random(in: 0...1700, using: &random),
                mayUseReserve: Int.random(in: 0..<4, using: &random) == 0)
        }
    }
}
