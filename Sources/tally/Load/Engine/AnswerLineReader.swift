/// Cuts the answer of a stream into lines, however the network has cut it.
package struct AnswerLineReader: Sendable {
    /// No answer line is longer.
    package static let longestLine = 64 << 10

    private var partial: [UInt8] = []

    package init() {}

    /// Calls `body` for every line that is complete. False: what came is no answer to a stream.
    package mutating func read(
        _ bytes: UnsafeRawBufferPointer, _ body: (AnswerLine) -> Void
    ) -> Bool {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            let answer: AnswerLine?
            if partial.isEmpty {
                answer = AnswerLine(UnsafeRawBufferPointer(rebasing: line))
            } else {
                partial.append(contentsOf: line)
                answer = partial.withUnsafeBytes { AnswerLine($0) }
                partial.removeAll(keepingCapacity: true)
            }
            guard let answer else { return false }
            body(answer)
        }
        partial.append(contentsOf: rest)
        return partial.count <= Self.longestLine
    }
}
