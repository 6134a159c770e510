package import TallyActors

/// How the lines of one kind of stream are read.
package protocol LineGrammar {
    /// The votes of the whole ballot that was read last, until the next line is read.
    var ballotVotes: [Command] { get }

    /// Reads a line of the usual shape: one object of known keys, each once, its strings without
    /// escapes and mostly ASCII, spaces between the tokens but no other white space.
    ///
    /// - Parameters:
    ///   - start: where a line begins that ends with a newline, behind which at least
    ///     `PlainRun.width - 1` more bytes may be read.
    ///   - reading: set when the line was of the usual shape.
    /// - Returns: the place behind the newline; nil for another shape, about which only `readAny`
    ///   can tell.
    mutating func readUsual(
        _ start: UnsafeRawPointer, into reading: inout LineReading
    ) -> UnsafeRawPointer?

    /// Reads any line that is not blank; says the same as `readUsual` where both can tell.
    ///
    /// - Parameter line: without its newline.
    mutating func readAny(_ line: UnsafeRawBufferPointer) -> LineReading
}
