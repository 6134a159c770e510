/// The official figures beside the server's, as a table: the largest opinions, all others, and the sums.
package struct DemoTable: Sendable {
    package static let shown = 10

    package struct Row: Equatable, Sendable {
        package var name: String
        /// Agree, mixed, disagree.
        package var official: [Int]
        package var counted: [Int]

        /// Sum of the distances of all single counts, so that no two errors cancel each other.
        package var difference: Int
    }

    package private(set) var rows: [Row] = []

    package init(_ figures: OfficialFigures, _ tally: PhaseTally) {
        let counts = Dictionary(
            tally.proposals.map { ($0.id, $0.counts) }, uniquingKeysWith: { first, _ in first })
        let all = figures.opinions.map { opinion in
            let counted = OfficialFigures.choices.map { counts[opinion.id]?[$0] ?? 0 }
            return Row(
                name: opinion.id, official: opinion.counts, counted: counted,
                difference: zip(opinion.counts, counted).reduce(0) { $0 + abs($1.0 - $1.1) })
        }
        let largest = figures.largest(Self.shown)
        let others = Set(all.indices).subtracting(largest)
        rows = largest.map { all[$0] }
        rows.append(Self.sum("the other \(others.count)", others.map { all[$0] }))
        rows.append(Self.sum("all \(all.count)", all))
    }

    private static func sum(_ name: String, _ rows: [Row]) -> Row {
        func sum(_ column: (Row) -> [Int]) -> [Int] {
            rows.reduce(into: [0, 0, 0]) { sum, row in
                for (index, count) in column(row).enumerated() { sum[index] += count }
            }
        }
        return Row(
            name: name, official: sum(\.official), counted: sum(\.counted),
            difference: rows.reduce(0) { $0 + $1.difference })
    }

    package func lines(_ terminal: Terminal) -> [String] {
        let columns = OfficialFigures.choices.map { Figures.right($0, 9) }.joined()
        var lines = [
            "  \(Figures.left("", 14))\(Figures.left("   official count", 27))"
                + "   \(Figures.left("   Tally's count", 27))",
            terminal.styled(
                "  \(Figures.left("opinion", 13))\(columns)  \(columns)  diff.", .dim),
        ]
        for (index, row) in rows.enumerated() {
            if index == rows.count - 1 {
                lines.append(terminal.styled("  " + String(repeating: "─", count: 76), .dim))
            }
            let text =
                "  \(Figures.left(row.name, 13))\(Self.cells(row.official))"
                + "  \(Self.cells(row.counted))"
            let difference = Figures.right(Figures.grouped(row.difference), 7)
            lines.append(text + terminal.styled(difference, row.difference == 0 ? .green : .red))
        }
        return lines
    }

    private static func cells(_ counts: [Int]) -> String {
        counts.map { Figures.right(Figures.grouped($0), 9) }.joined()
    }
}
