/// One line of the answer to a stream.
package enum AnswerLine: Equatable, Sendable {
    /// Every line up to `line` is on stable storage.
    case through(line: Int, sequence: Int)
    case refused(line: Int, code: String)
    /// The end of a stream that the server has read to its end, with its totals by name.
    case done([String: Int])
    /// The server gave up; lines up to `through` are decided.
    case failed(code: String, through: Int)

    /// Nil: not such a line.
    package init?(_ line: UnsafeRawBufferPointer) {
        guard let object = FlatObject(line) else { return nil }
        if let isDone = object.flags["done"] {
            self =
                isDone
                ? .done(object.numbers)
                : .failed(
                    code: object.texts["error"] ?? "unknown",
                    through: object.numbers["through"] ?? 0)
        } else if let line = object.numbers["through"] {
            self = .through(line: line, sequence: object.numbers["sequence"] ?? 0)
        } else if let line = object.numbers["line"], let code = object.texts["error"] {
            self = .refused(line: line, code: code)
        } else {
            return nil
        }
    }
}
