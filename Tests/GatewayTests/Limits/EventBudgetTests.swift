import Gateway
import NIOCore
import Testing

/// A budget that expectations can spend from.
private final class Purse {
    private var budget: EventBudget

    init(burst: Int, perSecond: Int) {
        budget = EventBudget(.init(burst: burst, perSecond: perSecond))
    }

    func spend(_ cost: Int = 1, at now: NIODeadline) -> Bool { budget.spend(cost, at: now) }

    func grant(_ count: Int) { budget.grant(count) }
}

@Suite struct EventBudgetTests {
    private let start = NIODeadline.uptimeNanoseconds(5_000_000_000)

    @Test func theBurstIsAllThatComesAtOnce() {
        let budget = Purse(burst: 3, perSecond: 1)
        for _ in 0..<3 { #expect(budget.spend(at: start)) }
        #expect(!budget.spend(at: start))
    }

    @Test func itIsRefilledToTheEventAndNotBeyondItsSize() {
        let budget = Purse(burst: 10, perSecond: 4)
        #expect(budget.spend(10, at: start))
        #expect(budget.spend(1, at: start + .milliseconds(250)))
        #expect(!budget.spend(1, at: start + .milliseconds(499)))

        let rested = Purse(burst: 10, perSecond: 4)
        #expect(rested.spend(10, at: start))
        let later = start + .hours(1_000_000)
        #expect(rested.spend(10, at: later))
        #expect(!rested.spend(1, at: later))
    }

    @Test func aClockThatStandsOrGoesBackRefillsNothing() {
        let budget = Purse(burst: 1, perSecond: 1_000)
        #expect(budget.spend(at: start))
        #expect(!budget.spend(at: start - .seconds(1)))
    }

    @Test func whatIsGrantedIsAddedUpToTheSize() {
        let budget = Purse(burst: 4, perSecond: 1)
        #expect(budget.spend(4, at: start))
        budget.grant(100)
        #expect(budget.spend(4, at: start))
        #expect(!budget.spend(at: start))
    }
}
