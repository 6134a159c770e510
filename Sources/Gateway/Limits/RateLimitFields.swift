/// What an answer says of the rate of its bearer: the fields of draft-ietf-httpapi-ratelimit-headers.
package struct RateLimitFields: Equatable, Sendable {
    package let limit: Limit
    package let rate: RequestRate
    package let answer: RequestRate.Answer

    package init(limit: Limit, rate: RequestRate, answer: RequestRate.Answer) {
        self.limit = limit
        self.rate = rate
        self.answer = answer
    }

    /// `"token-rate";q=100;w=2`: so many requests in so many seconds.
    package var policy: String {
        let window = (rate.burst + rate.perSecond - 1) / rate.perSecond
        return "\"\(limit.rawValue)\";q=\(rate.burst);w=\(window)"
    }

    /// `"token-rate";r=50;t=1`: what is left, and when there is more.
    package var state: String { "\"\(limit.rawValue)\";r=\(answer.remaining);t=\(answer.wait)" }

    func write(to writer: FieldWriter) {
        writer.add("ratelimit-policy", policy)
        writer.add("ratelimit", state)
        if !answer.isAdmitted { writer.add("retry-after", decimal: UInt64(answer.wait)) }
    }
}
