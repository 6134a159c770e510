/// What the demonstration says.
struct DemoText: Sendable {
    private let story: DemoStory
    let ballot: BallotPlan

    init(_ story: DemoStory) {
        self.story = story
        ballot = BallotPlan(
            consultation: "republique-numerique-2015",
            title: "Projet de loi pour une République numérique", phase: "opinions",
            kind: .choice(OfficialFigures.choices),
            proposals: story.figures.opinions.map { BallotPlan.Proposal(id: $0.id) })
    }

    func opening(_ terminal: Terminal) -> String {
        let title = "The French consultation on the digital republic bill, 2015"
        let lines = Paragraph.lines(
            """
            \(Figures.grouped(story.figures.votes)) votes on \(story.figures.opinions.count) \
            opinions, replayed by \(Figures.grouped(DemoStory.people)) made-up people, some of \
            whom change their minds, leave and come back, while others create accounts to stuff \
            the ballot.
            """)
        return (["", "  \(terminal.styled(title, .bold))"] + lines + [""])
            .joined(separator: "\n")
    }

    func started(_ server: DemoServer, keeps: Bool) -> String {
        let kept = keeps ? "" : ", removed at the end"
        return """
              A server listens on \(server.address)
              Its data is in \(server.dataDirectory)\(kept)

            """
    }

    func died(_ server: DemoServer) -> String {
        "\n  The server has stopped by itself. The end of its log:\n\n\(server.lastWords)"
    }

    func outcome(
        _ result: EngineResult<DemoScript>, _ check: TallyCheck, _ table: DemoTable,
        _ paced: Double, _ terminal: Terminal
    ) -> String {
        var lines = table.lines(terminal)
        lines.append("")
        let counts = story.figures.opinions.count * OfficialFigures.choices.count
        lines += Verdict.lines(
            check, "Exact: all \(Figures.grouped(counts)) counts are the official ones.", terminal)
        lines.append("")
        lines += Paragraph.lines(happenings)
        lines.append("")
        lines += speed(result, paced)
        return lines.joined(separator: "\n")
    }

    private var happenings: String {
        """
        On the way \(Figures.grouped(story.changes)) votes were changed and \
        \(Figures.grouped(story.withdrawals)) withdrawn; \(Figures.grouped(story.returned)) people \
        took back all their votes and cast them again, \(Figures.grouped(story.rebornPeople)) \
        deleted their account and came back under another one. \
        \(Figures.grouped(story.stuffers)) stuffing accounts cast \
        \(Figures.grouped(story.stuffedVotes)) votes in \(DemoStory.bursts) bursts, vanished, and \
        came to nothing: deletions retracted \(Figures.grouped(story.retracted)) votes in all, and \
        \(Figures.grouped(story.lateVotes)) votes that came after the deletion of their account \
        were refused.
        """
    }

    private func speed(_ result: EngineResult<DemoScript>, _ paced: Double) -> [String] {
        let commands = result.votes.acknowledged + result.deletions.acknowledged
        let rate = result.seconds > 0 ? Double(commands) / result.seconds : 0
        let pace =
            paced > 0
            ? "paced to be watched; --seconds 0 shows the speed"
            : "each on stable storage before it was acknowledged"
        let latencies = LatencySummary(result.votes.latencies)
        return Paragraph.lines(
            """
            \(Figures.grouped(commands)) commands in \(Figures.decimal(result.seconds, 2)) s: \
            \(Figures.decimal(rate, 0))/s, \(pace). Half of them took \
            \(Figures.duration(latencies.p50)) or less, 99 % \(Figures.duration(latencies.p99)).
            """)
    }

    func invitation(_ address: ServerAddress, _ terminal: Terminal) -> String {
        let opinion = story.figures.opinions[story.figures.largest(1)[0]].id
        let phase = "\(address)\(ballot.phasePath)"
        let curl = "curl -w '\\n' --http2-prior-knowledge"
        let json = "-H 'content-type: application/json'"
        return """

              \(terminal.styled("The server goes on.", .bold)) Open in a browser:

                \(phase)/tally
                \(address)\(BallotPlan.consultationPath(BudgetAct.consultation))/tally
                \(address)/v1/consultations

              Or vote, in another terminal; the count goes up, and comes back with the deletion:

                O=\(phase)/proposals/\(opinion)
                \(curl) $O/tally
                \(curl) -X PUT \(json) -d '{"choice":"agree"}' $O/votes/me
                \(curl) $O/tally
                \(curl) -X DELETE \(address)/v1/accounts/me
                \(curl) $O/tally

              See how much it takes:

                tally load \(address)

              \(terminal.styled("Ctrl-C stops the server.", .bold))
            """
    }
}
