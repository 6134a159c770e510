/// The third act of the demonstration: one person in a phase of the kind `budget`, where the projects of a
/// ballot may not cost more than there is.
struct BasketAct: Sendable {
    private enum Step {
        case vote(project: String, outcome: String)
        case refused(project: String)
        case withdraw(project: String)
        case leave(votes: Int)
    }

    private static let account = "citizen"
    /// The order in which the money runs out, and is freed again.
    private static let steps: [Step] = [
        .vote(project: "4", outcome: "counted"),
        .vote(project: "9", outcome: "counted"),
        .vote(project: "22", outcome: "counted"),
        .refused(project: "29"),
        .withdraw(project: "9"),
        .vote(project: "29", outcome: "counted"),
        .leave(votes: 3),
    ]

    let ballot: BallotPlan
    private let budget: Int
    private let costs: [String: Int]

    init(_ election: PabulibElection) {
        budget = election.budget ?? 0
        costs = Dictionary(
            election.projects.map { ($0.id, $0.cost ?? 0) },
            uniquingKeysWith: { first, _ in first })
        ballot = BallotPlan(
            consultation: "toulouse-within-the-budget",
            title: "The projects of Toulouse, within the budget", phase: "votes",
            kind: .budget(budget),
            proposals: election.projects.map {
                BallotPlan.Proposal(id: $0.id, title: $0.name, cost: $0.cost)
            })
    }

    /// Returns whether every answer is right.
    func run(_ control: ControlConnection, _ screen: DemoScreen) async throws -> Bool {
        try await control.create(ballot)
        let terminal = Terminal.output
        let title = "One ballot within a budget of €\(Figures.grouped(budget))"
        var lines = ["", "  \(terminal.styled(title, .bold))", ""]
        var isRight = true
        for step in Self.steps {
            let (what, answer, isAsMust) = try await take(step, control)
            isRight = isRight && isAsMust
            lines.append(
                "  \(Figures.left(what, 46))"
                    + terminal.styled(answer, isAsMust ? .green : .red))
        }
        let left = try await control.tally(ballot)
        let votes = left.proposals.reduce(0) { $0 + ($1.counts["support"] ?? 0) }
        isRight = isRight && votes == 0 && left.voters == 0
        lines.append("")
        lines += Paragraph.lines(
            isRight
                ? "Nothing of it is left in any count."
                : "WRONG: \(votes) votes are left, or an answer is not the one it must be.")
        screen.say(lines.joined(separator: "\n"))
        return isRight
    }

    /// What is done, what the server answers, and whether it had to.
    private func take(
        _ step: Step, _ control: ControlConnection
    ) async throws -> (what: String, answer: String, isAsMust: Bool) {
        switch step {
        case .vote(let project, let outcome):
            let answer = try await vote(project, control)
            return (votes(project), Self.text(answer), Self.text(answer) == "201 \(outcome)")
        case .refused(let project):
            let answer = try await vote(project, control)
            return (votes(project), Self.text(answer), Self.text(answer) == "409 over-budget")
        case .withdraw(let project):
            let answer = try await control.send("DELETE", path(project))
            return (
                "takes the vote for project \(project) back", Self.text(answer),
                Self.text(answer) == "200 withdrawn"
            )
        case .leave(let votes):
            let answer = try await control.send("DELETE", "/v1/accounts/\(Self.account)")
            let retracted = Self.object(answer)?.numbers["retracted"] ?? 0
            return (
                "deletes the account", "\(answer.status), \(retracted) votes retracted",
                answer.status == 200 && retracted == votes
            )
        }
    }

    private func votes(_ project: String) -> String {
        "votes for project \(Figures.left(project, 2)) of €\(Figures.grouped(costs[project] ?? 0))"
    }

    private func vote(
        _ project: String, _ control: ControlConnection
    ) async throws -> ControlConnection.Answer {
        try await control.send("PUT", path(project), body: Array("{}".utf8))
    }

    private func path(_ project: String) -> String {
        "\(ballot.phasePath)/proposals/\(BallotPlan.escaped(project))/votes/\(Self.account)"
    }

    private static func object(_ answer: ControlConnection.Answer) -> FlatObject? {
        answer.body.withUnsafeBytes { FlatObject($0) }
    }

    /// `201 counted`, `409 over-budget`.
    private static func text(_ answer: ControlConnection.Answer) -> String {
        let outcome = object(answer)?.texts["outcome"]
        return "\(answer.status) \(outcome ?? ProblemAnswer(answer.body).code)"
    }
}
