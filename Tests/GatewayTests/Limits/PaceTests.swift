import Gateway
import NIOCore
import Testing

@Suite struct PaceTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private func second(_ number: Int64) -> NIODeadline { start + .seconds(number) }

    @Test func aStandstillLastsWhileNothingMoves() {
        var standstill = Standstill()
        let looks: [(isWaiting: Bool, mark: Int, second: Int64, length: Int64)] = [
            (true, 0, 0, 0), (true, 0, 3, 3), (true, 1, 4, 0), (true, 1, 9, 5), (false, 1, 9, 0),
            (true, 1, 20, 0),
        ]
        for look in looks {
            let length = standstill.length(look.isWaiting, at: look.mark, second(look.second))
            #expect(length == .seconds(look.length), "second \(look.second)")
        }
    }

    @Test func aFlowIsTooSlowWhenItWasSoForAllOfTheGrace() {
        var flow = SlowFlow()
        func isTooSlow(_ bytes: Int, _ number: Int64) -> Bool {
            flow.isTooSlow(true, bytes, rate: 100, grace: .seconds(10), at: second(number))
        }
        #expect(!isTooSlow(0, 0))
        #expect(!isTooSlow(0, 9))
        // Just in time, and judged anew from here on.
        #expect(!isTooSlow(1_000, 10))
        #expect(!isTooSlow(1_001, 19))
        #expect(isTooSlow(1_999, 20))
    }

    @Test func aFlowThatNobodyWaitsForIsNeverTooSlow() {
        var flow = SlowFlow()
        for number in 0..<100 {
            let isTooSlow = flow.isTooSlow(
                number % 9 != 0, 0, rate: 100, grace: .seconds(10), at: second(Int64(number)))
            #expect(!isTooSlow)
        }
    }

    // MARK: - Connections

    private func state(
        isIdle: Bool = false, isWithinHead: Bool = false, begun: Int = 0, hasUnsent: Bool = false,
        takenBytes: Int = 0, isClosing: Bool = false
    ) -> ConnectionPace.State {
        ConnectionPace.State(
            isIdle: isIdle, isWithinHead: isWithinHead, begun: begun, hasUnsent: hasUnsent,
            takenBytes: takenBytes, isClosing: isClosing)
    }

    /// When a connection that stays as it is crosses a limit, and which.
    private func crossing(_ state: ConnectionPace.State) -> (second: Int64, limit: Limit)? {
        var pace = ConnectionPace()
        for number in 0..<1_000 as Range<Int64> {
            if let limit = pace.crossed(state, TransportLimits(), at: second(number)) {
                return (number, limit)
            }
        }
        return nil
    }

    @Test func whatStandsStillCrossesItsLimitWhenItsTimeIsUp() throws {
        let cases: [(ConnectionPace.State, Int64, Limit)] = [
            (state(isWithinHead: true), 10, .headTime),
            (state(isIdle: true), 120, .idleTime),
            (state(hasUnsent: true), 30, .readRate),
            (state(isClosing: true), 30, .stallTime),
        ]
        for (state, time, limit) in cases {
            let found = try #require(crossing(state))
            #expect(found == (time, limit))
        }
        #expect(crossing(state()) == nil)
    }

    @Test func aHeadThatDripsIsOneHead() {
        var pace = ConnectionPace()
        func crossed(_ begun: Int, _ number: Int64) -> Limit? {
            pace.crossed(
                state(isWithinHead: true, begun: begun), TransportLimits(), at: second(number))
        }
        for number in 0..<10 as Range<Int64> { #expect(crossed(3, number) == nil) }
        #expect(crossed(4, 10) == nil)
        #expect(crossed(4, 19) == nil)
        #expect(crossed(4, 20) == .headTime)
    }

    @Test func aReaderThatTakesTheLeastRateIsWaitedFor() {
        var pace = ConnectionPace()
        let limits = TransportLimits()
        for number in 0..<300 as Range<Int64> {
            let taken = Int(number) * limits.readRate
            let limit = pace.crossed(
                state(hasUnsent: true, takenBytes: taken), limits, at: second(number))
            #expect(limit == nil)
        }
    }
}
