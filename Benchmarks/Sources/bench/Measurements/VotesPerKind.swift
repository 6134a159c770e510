/// Votes/s of the stream for every kind of ballot: what rules over an account's votes cost.
enum VotesPerKind {
    /// The kinds, beside `choice`, in turns with it.
    private static let others: [LoadRun.Kind] = [.support, .budget, .ranking, .points]
    /// What each must reach of the votes/s of `choice`.
    private static let target = Row.Target.atLeast(0.7)

    static func measure(_ session: Session) throws -> Findings {
        var rates: [LoadRun.Kind: [Double]] = [:]
        _ = try session.runs("tally load, all kinds") { run in
            for kind in [.choice] + others {
                rates[kind, default: []].append(try votesPerSecond(kind, run: run, session))
            }
        }
        let choice = Figure(rates[.choice] ?? [], .votesPerSecond)
        let rows = others.map { kind in
            Row(
                name: "votes/s of the stream, kind `\(kind.rawValue)`",
                tally: Figure(rates[kind] ?? [], .votesPerSecond), peer: ("`choice`", choice),
                target: target)
        }
        return Findings(rows: rows, method: [method(session.scale)])
    }

    private static func votesPerSecond(
        _ kind: LoadRun.Kind, run: Int, _ session: Session
    ) throws -> Double {
        let scale = session.scale
        let plan = LoadRun.Plan(
            connections: scale.connections, extent: .votes(scale.kindVotes),
            accounts: scale.kindAccounts, proposals: scale.proposals, changes: PeerVotes.changes,
            kind: kind)
        let server = try TallyServer(session)
        let result = try LoadRun(plan, against: server, seed: run, session).result()
        try server.stop()
        return result.votes.perSecond
    }

    private static func method(_ scale: Scale) -> String {
        """
        \(Figure.grouped(scale.kindVotes)) votes of \(Figure.grouped(scale.kindAccounts)) accounts \
        over \(scale.connections) streams, made and checked as above; the kinds take turns, each on an \
        empty server of its own. The limits of each kind (`max_votes`, a budget, ranks used once, \
        points in all) are judged for every vote, and are wide enough that nearly every vote is taken.
        """
    }
}
