import NIOCore

extension Exchange {
    /// Answers what was read at a position, or, when the client has it already, that it is the same.
    ///
    /// - Parameters:
    ///   - tag: what the client may have.
    ///   - body: made when it is wanted.
    ///   - fields: adds to the head, behind the tag and the position.
    func respond(
        tagged tag: String, at sequence: UInt64, body: () -> ByteBuffer,
        _ fields: (FieldWriter) -> Void = { _ in }
    ) {
        let isKnown = withHeader(.ifNoneMatch) { EntityTag.matches($0, tag) } ?? false
        let head = isKnown ? StandardHeads.unchangedTally : StandardHeads.tally
        respond(head, body: isKnown ? nil : body()) { writer in
            writer.add("etag", tag)
            writer.add("tally-sequence", decimal: sequence)
            fields(writer)
        }
    }
}
