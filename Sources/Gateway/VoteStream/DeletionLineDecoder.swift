package import TallyActors

/// Decodes the stream of deletions.
package typealias DeletionLineDecoder = LineDecoder<DeletionLineGrammar>

extension LineDecoder where Grammar == DeletionLineGrammar {
    package init(accountHash: SipHash128) {
        self.init(grammar: DeletionLineGrammar(accountHash: accountHash))
    }

    /// Decodes what has arrived.
    ///
    /// - Parameter limit: after so many accepted and refused lines it stops, to bound what is in
    ///   flight and what is to be answered.
    /// - Returns: how many of the bytes are done with; all, unless the limit was met. The others
    ///   are to be given again, with what follows them.
    package mutating func decode<Sink: LineSink>(
        _ bytes: UnsafeRawBufferPointer, limit: Int, into sink: inout Sink
    ) -> Int {
        decodeLines(bytes, limit: limit, into: &sink)
    }
}
