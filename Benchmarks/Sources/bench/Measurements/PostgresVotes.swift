/// Durable votes/s of PostgreSQL in the best batched form that was found: some are tried with fewer votes
/// first, and the fastest is measured.
enum PostgresVotes {
    private static let batches = [1000, 5000, 20_000, 50_000]
    /// Two and eight were slower on two cores.
    private static let connections = 4

    static func measure(_ session: Session) throws -> Findings {
        let scale = session.scale
        let version = try PostgresCluster.version()
        let cluster = try PostgresCluster(in: session.workspace)
        defer { cluster.stop() }
        let trials = try forms().map { form in
            // At least three transactions on every connection.
            let votes = max(scale.postgresTrialVotes, 3 * form.batch * form.connections)
            let rate = try rate(form, votes: votes, cluster, scale)
            session.note("  \(form): \(Figure.number(rate)) votes/s")
            return (form: form, rate: rate)
        }
        guard let best = trials.max(by: { $0.rate < $1.rate })?.form else {
            preconditionFailure("no form was tried")
        }
        let rates = try session.runs("\(version), \(best)") { _ in
            try rate(best, votes: scale.postgresVotes, cluster, scale)
        }
        let row = Row(
            name: "votes/s of the stream, durable", tally: try VoteStream.figure(session),
            peer: (version, Figure(rates, .votesPerSecond)), target: .atLeast(15))
        return Findings(rows: [row], method: [method(best, scale), table(trials)])
    }

    private static func forms() -> [PostgresForm] {
        PostgresForm.Feed.allCases.flatMap { feed in
            PostgresForm.Key.allCases.flatMap { key in
                batches.map { batch in
                    PostgresForm(feed: feed, key: key, batch: batch, connections: connections)
                }
            }
        }
    }

    private static func rate(
        _ form: PostgresForm, votes: Int, _ cluster: PostgresCluster, _ scale: Scale
    ) throws -> Double {
        let load = try PostgresLoad(
            form, votes: votes, accounts: scale.accounts, proposals: scale.proposals)
        let connection = try PostgresConnection(path: cluster.socketPath)
        try load.prepare(connection)
        let seconds = try load.send(to: cluster)
        try load.check(connection)
        return Double(load.votes) / seconds
    }

    private static func method(_ best: PostgresForm, _ scale: Scale) -> String {
        """
        PostgreSQL gets \(Figure.grouped(scale.postgresVotes)) votes of the same kind as Redis, \
        prepared as bytes, over its own protocol: \(best). One statement for the whole batch refuses \
        deleted accounts, keeps the votes (`INSERT … ON CONFLICT DO UPDATE`), and moves the counts by \
        their sums. What only helps PostgreSQL is granted: names are numbers already, an account's votes \
        all come over one connection, each connection has counts of its own, and no checkpoint or vacuum \
        runs meanwhile; `fsync`, `synchronous_commit` and `full_page_writes` are on, as they come. \
        Afterwards every count is checked.
        """
    }

    private static func table(_ trials: [(form: PostgresForm, rate: Double)]) -> String {
        let lines = trials.map { "| \($0.form) | \(Figure.number($0.rate)) |" }
        return (["Tried:", "", "| form | votes/s |", "|---|--:|"] + lines).joined(separator: "\n")
    }
}
