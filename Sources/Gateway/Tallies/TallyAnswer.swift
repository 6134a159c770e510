import NIOCore
import TallyActors

/// A tally at a cut, ready to be sent: its tag at once, its body when somebody wants it.
package struct TallyAnswer: Sendable {
    let scope: TallyScope
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
        let isKnown = exchange.withHeader(.ifNoneMatch) { EntityTag.matches($0, tag) } ?? false
        if !isKnown, body == nil { body = renderings.body(of: self) }
        let head = isKnown ? StandardHeads.unchangedTally : StandardHeads.tally
        exchange.respond(head, body: isKnown ? nil : body) { fields in
            fields.add("etag", tag)
            fields.add("tally-sequence", decimal: cut.sequence)
            if isInDoubt { fields.add("warning", Self.doubt) }
        }
    }
}
