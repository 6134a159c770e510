package import TallyActors

/// Decodes the vote stream.
package typealias VoteLineDecoder = LineDecoder<VoteLineGrammar>

extension LineDecoder where Grammar == VoteLineGrammar {
    package init(accountHash: SipHash128, route: VoteRoute) {
        self.init(grammar: VoteLineGrammar(accountHash: accountHash, route: route))
    }

    /// Decodes what has arrived, under the catalogue as it is now.
    ///
    /// - Parameter limit: after so many accepted and refused lines it stops, to bound what is in
    ///   flight and what is to be answered.
    /// - Returns: how many of the bytes are done with; all, unless the limit was met. The others
    ///   are to be given again, with what follows them.
    package mutating func decode<Sink: LineSink>(
        _ bytes: UnsafeRawBufferPointer, catalogue: Catalogue, limit: Int, into sink: inout Sink
    ) -> Int {
        grammar.follow(catalogue)
        return decodeLines(bytes, limit: limit, into: &sink)
    }
}
