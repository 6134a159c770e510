import Gateway
import NIOCore
import Testing

@Suite struct RequestRateTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    @Test func aBurstIsAdmittedAndThenTheRate() {
        let rate = RequestRate(perSecond: 10, burst: 5)
        var debt = start
        for left in [4, 3, 2, 1, 0] {
            let answer = rate.admit(&debt, at: start)
            #expect(answer.isAdmitted && answer.remaining == left)
        }
        let refused = rate.admit(&debt, at: start)
        #expect(refused == .init(isAdmitted: false, remaining: 0, wait: 1))
        // A refusal costs nothing.
        let later = [100, 199, 200].map {
            rate.admit(&debt, at: start + .milliseconds($0)).isAdmitted
        }
        #expect(later == [true, false, true])
    }

    @Test func inTheLongRunTheRateIsExact() {
        let rate = RequestRate(perSecond: 7, burst: 3)
        var debt = start
        var admitted = 0
        for step in 0..<100_000 as Range<Int64> {
            if rate.admit(&debt, at: start + .milliseconds(step)).isAdmitted { admitted += 1 }
        }
        #expect((700...703).contains(admitted))
    }

    @Test func whoHasRestedHasItsBurstAndNoMore() {
        let rate = RequestRate(perSecond: 1, burst: 2)
        var debt = start
        let later = start + .hours(10)
        let answers = (0..<3).map { _ in rate.admit(&debt, at: later).isAdmitted }
        #expect(answers == [true, true, false])
    }

    @Test func whatIsLeftIsToldInFields() {
        let fields = RateLimitFields(
            limit: .citizenRate, rate: RequestRate(perSecond: 20, burst: 100),
            answer: .init(isAdmitted: true, remaining: 7, wait: 1))
        #expect(fields.policy == "\"citizen-rate\";q=100;w=5")
        #expect(fields.state == "\"citizen-rate\";r=7;t=1")
    }
}
