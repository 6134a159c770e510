import NIOCore
import TallyActors

/// A tally at a cut, ready to be sent: its tag at once, its body when somebody wants it.
package struct TallyAnswer: Sendable {
    let view: TallyView
    let cut: Cut
    let subject: TallySubject
    /// Weak: it depends on the numbers and states alone, not on the position.
    package let tag: String
    /// nil until it is encoded: an answer of 304 encodes nothing.
    var body: ByteBuffer?

    /// What is said with a tally once the self-audit found a wrong count (RFC 9111 and before it
    /// RFC 7234, section 5.5: a miscellaneous persistent warning).
    private static let doubt = "299 tally \"the self-audit found a wrong count\""

    /// - Parameter isInDoubt: the self-audit found a wrong count.
    mutating func send(
        to exchange: Exchange, _ renderings: TallyRenderings, isInDoubt: Bool
    ) {
        exchange.respond(
            tagged: tag, at: cut.sequence,
            body: {
                let encoded = body ?? renderings.body(of: self)
                body = encoded
                return encoded
            }
        ) { if isInDoubt { $0.add("warning", Self.doubt) } }
    }
}
