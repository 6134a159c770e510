/// Text in lines that a terminal of 80 columns shows whole.
package enum Paragraph {
    package static let width = 79

    /// - Parameter indent: spaces before every line.
    package static func lines(_ text: String, indent: Int = 2, width: Int = width) -> [String] {
        let space = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            if !line.isEmpty, indent + line.count + 1 + word.count > width {
                lines.append(space + line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " \(word)"
        }
        return lines + [space + line]
    }
}
