/// A run of made-up votes, from the definition of its consultation to the comparison of the counts.
struct LoadRun {
    /// Votes of a run that is given neither a number nor a time.
    private static let usualVotes = 1_000_000
    /// Votes of one account in a run of a given time.
    private static let votesEach = 10
    /// More accounts than vote in any run of a given time.
    private static let manyAccounts = 100_000_000
    private static let usualChanges = 0.09
    private static let usualLeavers = 0.05

    private let session: LoadSession
    private let options: LoadCommand

    init(_ session: LoadSession) {
        self.session = session
        options = session.options
    }

    /// Returns whether every number is right.
    func run() async throws -> Bool {
        let plan = workload
        let ballot = BallotPlan(
            consultation: session.consultation, title: "A load of made-up votes", phase: "votes",
            kind: plan.kind,
            proposals: (0..<options.proposals).map {
                BallotPlan.Proposal(id: "p\($0 + 1)", cost: plan.ballot.cost(of: $0))
            })
        let lanes = session.lanes
        let scripts = (0..<lanes).map { WorkloadScript(plan: plan, lane: $0, of: lanes) }
        let share = 1 + changes * (plan.options == 1 ? 2 : 1) + options.withdrawals
        let total = options.duration == nil ? Int(Double(plan.votes) * share) : nil
        let (result, tally) = try await session.send(scripts, ballot, total: total)
        var expected = ExpectedTally(proposals: plan.proposals, kind: plan.kind)
        for script in result.scripts { expected.add(script.expected) }
        var check = TallyCheck(expected, ballot, tally)
        let retracted = result.scripts.reduce(0) { $0 + $1.retracted }
        check.compare("retracted", retracted, result.deletions.totals["retracted"] ?? 0)
        var report = session.report(result, check, expected, workload: describe(plan))
        report.firstVotes = result.scripts.reduce(0) { $0 + $1.firstVotes }
        report.changed = result.scripts.reduce(0) { $0 + $1.changes }
        report.withdrawn = result.scripts.reduce(0) { $0 + $1.withdrawals }
        report.accounts = result.scripts.reduce(0) { $0 + $1.accountsThatVoted }
        return try session.show(report, check)
    }

    private var changes: Double { options.changes ?? Self.usualChanges }

    private var workload: WorkloadPlan {
        let each = min(Self.votesEach, options.proposals)
        let votes: Int
        var accounts: Int
        if options.duration == nil {
            votes = options.votes ?? options.accounts.map { $0 * each } ?? Self.usualVotes
            // Nobody votes twice on a proposal.
            let fewest = (votes - 1) / options.proposals + 1
            accounts = min(votes, options.accounts ?? max(1, votes / Self.votesEach, fewest))
        } else {
            accounts = options.accounts ?? Self.manyAccounts
            votes = accounts * each
        }
        // Every lane has someone.
        accounts = max(accounts, min(votes, session.lanes))
        return WorkloadPlan(
            names: session.names, accounts: accounts, proposals: options.proposals,
            ballot: options.ballot, votes: votes, changes: changes,
            withdrawals: options.withdrawals, leavers: options.leavers ?? Self.usualLeavers)
    }

    private func describe(_ plan: WorkloadPlan) -> String {
        let proposals =
            plan.proposals == 1 ? "1 proposal" : "\(Figures.grouped(plan.proposals)) proposals"
        let ballot =
            switch plan.ballot {
            case .support: "support of"
            case .choice(let choices): "\(choices.count) choices on"
            case .budget: "a budget for"
            case .ranking: "ranks of"
            case .points: "points for"
            }
        let streams = session.lanes == 1 ? "1 stream" : "\(session.lanes) streams"
        let way =
            options.unary ? "single requests on \(options.connections) connections" : streams
        return "\(ballot) \(proposals), \(way)"
    }
}
