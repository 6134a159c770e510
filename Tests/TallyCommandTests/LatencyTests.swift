import Histogram
import Testing
import tally

struct LatencyTests {
    @Test func linesCountFromTheirScheduledTime() {
        var ledger = BlockLedger()
        var latencies = Histogram<UInt64>.latencies
        ledger.send(lines: 10, scheduled: 1_000_000)
        ledger.send(lines: 5, scheduled: 2_000_000)
        ledger.acknowledge(through: 4, at: 3_000_000, in: &latencies)
        #expect(latencies.totalCount == 4)
        ledger.acknowledge(through: 12, at: 4_000_000, in: &latencies)
        ledger.acknowledge(through: 12, at: 9_000_000, in: &latencies)
        #expect(latencies.totalCount == 12)
        ledger.acknowledge(through: 15, at: 5_000_000, in: &latencies)
        #expect(latencies.totalCount == 15)
        #expect(ledger.acknowledged == ledger.sent)
        // 4 and 2 after 2 ms, 6 and 3 after 3 ms, told apart to three digits.
        #expect(latencies.count(within: 1_990_000...2_010_000) == 6)
        #expect(latencies.count(within: 2_990_000...3_010_000) == 9)
    }

    @Test func linesAreDueAtTheirRate() {
        let pacing = Pacing(start: 1_000_000_000, rate: 500)
        #expect(pacing.due(by: 0) == 0)
        #expect(pacing.due(by: 1_000_000_000) == 1)
        #expect(pacing.due(by: 1_001_999_999) == 1)
        #expect(pacing.due(by: 2_000_000_000) == 501)
        #expect(pacing.time(of: 500) == 2_000_000_000)
        #expect(pacing.linesPerTick == 1)
        #expect(Pacing(start: 0, rate: 1_000_000).linesPerTick == 1000)
    }

    @Test func requestsAreAnsweredInAnyOrder() {
        var window = RequestWindow(inFlight: 2)
        for number in 1...8 { #expect(window.send(scheduled: UInt64(number * 10)) == number) }
        #expect(window.isFull)
        #expect(window.answer(2) == 20)
        #expect(window.answeredThrough == 0)
        #expect(window.isFull)
        #expect(window.answer(1) == 10)
        #expect(window.answeredThrough == 2)
        #expect(!window.isFull)
        #expect(window.send(scheduled: 90) == 9)
    }
}
