/// Rows of text under headings, as narrow as what stands in them.
package struct Columns {
    package enum Side {
        case left
        case right
    }

    private let headings: [(String, Side)]
    private var rows: [[String]] = []

    package init(_ headings: (String, Side)...) {
        self.headings = headings
    }

    package mutating func add(_ cells: String...) {
        precondition(cells.count == headings.count, "a row has another number of cells")
        rows.append(cells)
    }

    /// Indented by two, two spaces between columns, nothing behind the last cell of a row.
    package func lines(_ terminal: Terminal) -> [String] {
        let widths = headings.indices.map { column in
            max(headings[column].0.count, rows.map { $0[column].count }.max() ?? 0)
        }
        func line(_ cells: [String]) -> String {
            var text = ""
            for (column, cell) in cells.enumerated() {
                text += "  "
                text +=
                    headings[column].1 == .left
                    ? Figures.left(cell, widths[column]) : Figures.right(cell, widths[column])
            }
            while text.last == " " { text.removeLast() }
            return text
        }
        return [terminal.styled(line(headings.map(\.0)), .dim)] + rows.map(line)
    }
}
