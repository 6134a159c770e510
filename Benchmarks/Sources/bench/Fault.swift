/// What stops a measurement: a peer that would not start, an answer that was not understood, a count
/// that came out wrong. The text says what to look at.
struct Fault: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
