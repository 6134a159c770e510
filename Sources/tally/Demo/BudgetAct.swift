/// The second act of the demonstration: a participatory budget, replayed as whole ballots.
struct BudgetAct: Sendable {
    /// Shares of the voters who change their ballot, and of made-up accounts that are deleted.
    private static let share = 0.1
    private static let connections = 2
    static let consultation = "budget-participatif-toulouse-2019"

    let replay: PabulibReplay
    let ballot: BallotPlan
    private let seed: UInt64

    init(seed: UInt64) throws {
        self.seed = seed
        replay = try PabulibReplay(
            BudgetElection.election(), changes: Self.share, leavers: Self.share, seed: seed)
        ballot = replay.plan(consultation: Self.consultation)
    }

    /// Returns whether every count is right.
    func run(
        on server: DemoServer, _ control: ControlConnection, _ screen: DemoScreen
    ) async throws -> Bool {
        try await control.create(ballot)
        let names = AccountNames(seed: seed, scope: ballot.consultation)
        let engine = LoadEngine(
            setup: try LaneSetup(
                address: server.address, ballot: ballot, names: names, ballots: replay.book),
            connections: Self.connections)
        let scripts = (0..<Self.connections).map {
            PabulibScript(replay, lane: $0, of: Self.connections)
        }
        let result = try await engine.run(scripts) { _ in }
        try Task.checkCancellation()
        let tally = try await control.tally(ballot)
        let official = PabulibResult(replay)
        var check = TallyCheck(official.expected, ballot, tally)
        let retracted = result.scripts.reduce(0) { $0 + $1.retracted }
        check.compare("retracted votes", retracted, result.deletions.totals["retracted"])
        check.compare("refused ballots", 0, result.votes.refusals.values.reduce(0, +))
        let text = BudgetText(
            replay: replay, table: BudgetTable(replay.election, tally),
            changed: result.scripts.reduce(0) { $0 + $1.changed },
            leavers: result.scripts.reduce(0) { $0 + $1.leavers }, retracted: retracted)
        screen.say(text.outcome(check, Terminal.output))
        return check.isExact
    }
}
