/// A participatory budget as a table: the projects with the most votes, official and counted, the others and
/// the sums, and what the money affords.
package struct BudgetTable: Sendable {
    package static let shown = 12

    package struct Row: Equatable, Sendable {
        package var name: String
        package var cost: Int
        package var official: Int
        package var counted: Int
        package var points: Int
        /// Sum of the distances of all single counts, so that no two errors cancel each other.
        package var difference: Int
        /// Nil: a row of several projects.
        package var isAfforded: Bool?
    }

    package private(set) var rows: [Row] = []
    /// Projects that the budget pays for, the one with the most votes first, and of the others whatever still
    /// fits.
    package private(set) var afforded = 0
    package private(set) var left: Int

    package init(_ election: PabulibElection, _ tally: PhaseTally) {
        let counts = Dictionary(
            tally.proposals.map { ($0.id, $0.counts) }, uniquingKeysWith: { first, _ in first })
        let all = election.projects.map { project in
            let counted = counts[project.id]?["votes"] ?? 0
            let official = project.votes ?? 0
            return Row(
                name: project.name ?? project.id, cost: project.cost ?? 0, official: official,
                counted: counted, points: counts[project.id]?["points"] ?? 0,
                difference: abs(official - counted), isAfforded: false)
        }
        left = election.budget ?? 0
        let order = all.indices.sorted { (all[$1].counted, $0) < (all[$0].counted, $1) }
        var ranked = order.map { all[$0] }
        for index in ranked.indices where ranked[index].cost <= left {
            left -= ranked[index].cost
            afforded += 1
            ranked[index].isAfforded = true
        }
        rows = Array(ranked.prefix(Self.shown))
        let others = ranked.dropFirst(Self.shown)
        if !others.isEmpty { rows.append(Self.sum("the other \(others.count)", others)) }
        rows.append(Self.sum("all \(all.count)", ranked[...]))
    }

    private static func sum(_ name: String, _ rows: ArraySlice<Row>) -> Row {
        func sum(_ column: (Row) -> Int) -> Int { rows.reduce(0) { $0 + column($1) } }
        return Row(
            name: name, cost: sum(\.cost), official: sum(\.official), counted: sum(\.counted),
            points: sum(\.points), difference: sum(\.difference), isAfforded: nil)
    }

    // MARK: Text

    private static let nameWidth = 33

    package func lines(_ terminal: Terminal) -> [String] {
        let heads = Self.cells("cost €", "official", "Tally", "diff.", "points")
        var lines = [
            terminal.styled("  \(Figures.left("project, by votes", Self.nameWidth))\(heads)", .dim)
        ]
        for (index, row) in rows.enumerated() {
            if index == rows.count - 1 {
                lines.append(terminal.styled("  " + String(repeating: "─", count: 75), .dim))
            }
            let cells = Self.cells(
                Figures.grouped(row.cost), Figures.grouped(row.official),
                Figures.grouped(row.counted), Figures.grouped(row.difference),
                Figures.grouped(row.points))
            let mark = row.isAfforded == true ? terminal.styled(" ✓", .green) : ""
            lines.append("  \(Figures.left(Self.short(row.name), Self.nameWidth))\(cells)\(mark)")
        }
        return lines
    }

    private static func cells(
        _ cost: String, _ official: String, _ counted: String, _ difference: String,
        _ points: String
    ) -> String {
        Figures.right(cost, 10) + Figures.right(official, 9) + Figures.right(counted, 8)
            + Figures.right(difference, 7) + Figures.right(points, 8)
    }

    private static func short(_ name: String) -> String {
        name.count <= nameWidth ? name : "\(name.prefix(nameWidth - 1))…"
    }
}
