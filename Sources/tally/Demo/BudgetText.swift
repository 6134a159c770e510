/// What the demonstration says of the participatory budget.
struct BudgetText: Sendable {
    let replay: PabulibReplay
    let table: BudgetTable
    let changed: Int
    let leavers: Int
    let retracted: Int

    func outcome(_ check: TallyCheck, _ terminal: Terminal) -> String {
        let title = "A participatory budget: Toulouse, 2019 (data: pabulib.org)"
        var lines = ["", "  \(terminal.styled(title, .bold))"]
        lines += Paragraph.lines(
            """
            All \(Figures.grouped(replay.voters)) ballots of it, each with up to 7 points for \
            \(replay.election.projects.count) projects, at most 3 for one. Each comes whole, to \
            be counted whole or not at all.
            """)
        lines.append("")
        lines += table.lines(terminal)
        lines.append("")
        lines += Verdict.lines(
            check,
            "Exact: all \(replay.election.projects.count) results are the official ones.",
            terminal)
        lines.append("")
        let budget = Figures.grouped(replay.election.budget ?? 0)
        lines += Paragraph.lines(
            """
            ✓ By votes, €\(budget) afford \(table.afforded) projects, and \
            €\(Figures.grouped(table.left)) are left. On the way \(Figures.grouped(changed)) \
            people replaced their ballot by another one, and \(Figures.grouped(leavers)) made-up \
            accounts spent points and vanished: deletions retracted their \
            \(Figures.grouped(retracted)) votes.
            """)
        return lines.joined(separator: "\n")
    }
}
