import TallyActors
import Testing

@Suite("The guard on the clocks")
struct ClockGuardTests {
    private static let start: Int64 = 1_800_000_000_000

    private func reading(_ elapsed: Int64, wall offset: Int64 = 0) -> ClockReading {
        ClockReading(wall: .at(Self.start + elapsed + offset), monotonic: 77 + elapsed)
    }

    private func makeGuard(last: Int64 = 0) -> ClockGuard {
        ClockGuard(start: reading(0), last: .at(last))
    }

    @Test("stamps with the wall clock while both clocks agree")
    func agreement() {
        var clock = makeGuard()
        for elapsed: Int64 in [0, 1, 900, 5_000, 86_400_000] {
            let (instant, isTrusted) = clock.stamp(reading(elapsed))
            #expect(instant == .at(Self.start + elapsed))
            #expect(isTrusted)
        }
    }

    @Test("never runs backwards, not even behind what the journal holds")
    func monotone() {
        var clock = makeGuard(last: Self.start + 10_000)
        #expect(clock.stamp(reading(0)).instant == .at(Self.start + 10_000))
        #expect(clock.stamp(reading(10_500)).instant == .at(Self.start + 10_500))
        #expect(clock.stamp(reading(10_600, wall: -3_000)).instant == .at(Self.start + 10_500))
        #expect(clock.stamp(reading(10_600, wall: -3_000)).isTrusted)
    }

    @Test("believes a divergence of 5 s, and not of a millisecond more", arguments: [1, -1])
    func limit(sign: Int64) {
        var clock = makeGuard()
        #expect(clock.stamp(reading(10, wall: sign * 5_000)).isTrusted)
        clock = makeGuard()
        #expect(!clock.stamp(reading(10, wall: sign * 5_001)).isTrusted)
    }

    @Test("goes on by the monotonic clock while the wall clock is not believed")
    func jump() {
        var clock = makeGuard()
        let hour: Int64 = 3_600_000
        let jumped = clock.stamp(reading(100, wall: hour))
        #expect(jumped.instant == .at(Self.start + 100))
        #expect(!jumped.isTrusted)
        #expect(clock.stamp(reading(2_000, wall: hour)).instant == .at(Self.start + 2_000))
        let back = clock.stamp(reading(3_000))
        #expect(back.instant == .at(Self.start + 3_000))
        #expect(back.isTrusted)
    }

    @Test("follows a clock that is slewed, however far it gets in the end")
    func slew() {
        var clock = makeGuard()
        for second in Int64(1)...20_000 {
            let (instant, isTrusted) = clock.stamp(reading(second * 1000, wall: second))
            guard isTrusted, instant == .at(Self.start + second * 1001) else {
                Issue.record("not followed after \(second) s")
                return
            }
        }
    }

    @Test("does not follow a clock that runs away")
    func runaway() {
        var clock = makeGuard()
        let trusted = (Int64(1)...2_000).prefix {
            clock.stamp(reading($0 * 1000, wall: $0 * 10)).isTrusted
        }
        #expect((500...600).contains(trusted.count))
    }
}
