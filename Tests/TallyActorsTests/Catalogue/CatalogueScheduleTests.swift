import TallyActors
import Testing

@Suite("The catalogue: phases open and close")
struct CatalogueScheduleTests {
    private var driver = CatalogueDriver()

    @Test("a phase is open from its start on, up to its end and not at it")
    mutating func halfOpen() {
        _ = driver.define(.phase("a", opensAt: 100, closesAt: 200))
        #expect(driver.passTime(to: 99) == [])
        #expect(driver.passTime(to: 100) == ["open a"])
        #expect(driver.passTime(to: 199) == [])
        #expect(driver.state("a") == .open)
        #expect(driver.passTime(to: 200) == ["close a"])
        #expect(driver.entry("a")?.seal?.at == .at(200))
        #expect(driver.passTime(to: 10_000) == [])
    }

    @Test("what is due comes in the order of its instants, then of the phases' numbers")
    mutating func order() {
        _ = driver.define(
            .phase("late", opensAt: 300, closesAt: 900),
            .phase("early", opensAt: 100, closesAt: 200),
            .phase("twin", opensAt: 300, closesAt: 350))
        #expect(driver.machine.nextTransition == .at(100))
        #expect(
            driver.passTime(to: 1000) == [
                "open early", "close early", "open late", "open twin", "close twin", "close late",
            ])
        #expect(driver.machine.nextTransition == nil)
        #expect(driver.position == 7)
    }

    @Test("opens and closes by hand, and never back")
    mutating func byHand() {
        _ = driver.define(.phase("a", opensAt: 100, closesAt: 200))
        #expect(driver.close("a").refusal == .phaseNotOpen)
        #expect(driver.open("a") == .state(.open))
        #expect(driver.open("a") == .state(.open))
        #expect(driver.position == 2)
        driver.now = 50
        #expect(driver.close("a") == .state(.closed))
        #expect(driver.close("a") == .state(.closed))
        #expect(driver.open("a").refusal == .phaseClosed)
        #expect(driver.entry("a")?.seal?.at == .at(50))
        #expect(driver.passTime(to: 1000) == [])
        #expect(driver.position == 3)
    }

    @Test("a phase opened by hand still closes at its end")
    mutating func openedByHand() {
        _ = driver.define(.phase("a", opensAt: 100, closesAt: 200))
        _ = driver.open("a")
        #expect(driver.passTime(to: 150) == [])
        #expect(driver.passTime(to: 250) == ["close a"])
        #expect(driver.entry("a")?.seal?.at == .at(250))
    }

    @Test("a scheduled phase whose start is taken away opens at that command")
    mutating func startTakenAway() {
        _ = driver.define(.phase("a", opensAt: 100))
        #expect(driver.define(.phase("a")) == .updated)
        #expect(driver.state("a") == .open)
    }
}
