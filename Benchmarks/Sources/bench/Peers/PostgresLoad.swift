/// Votes for PostgreSQL, as ready bytes in batches: one thread per connection sends a batch, waits until
/// its transaction is durable, and sends the next.
final class PostgresLoad: Sendable {
    /// The votes of one connection.
    private struct Lane: Sendable {
        var votes: PeerVotes
        /// The data of a `COPY`, or a whole `execute`, per batch.
        var batches: [[UInt8]]
    }

    let form: PostgresForm
    let votes: Int
    private let proposals: Int
    private let accounts: Int
    private let lanes: [Lane]

    init(_ form: PostgresForm, votes: Int, accounts: Int, proposals: Int) throws {
        self.form = form
        self.accounts = accounts
        self.proposals = proposals
        lanes = try onThreads(form.connections) { connection in
            let votes = PeerVotes(
                count: votes / form.connections, connection: connection, of: form.connections,
                accounts: accounts, proposals: proposals)
            return Lane(votes: votes, batches: PostgresBatches.bytes(votes.votes, form))
        }
        self.votes = lanes.reduce(0) { $0 + $1.votes.votes.count }
    }

    /// Makes the tables anew, with the deleted accounts.
    func prepare(_ connection: PostgresConnection) throws {
        try connection.query(PostgresSchema.tables(form, proposals: proposals))
        let deleted = stride(from: 0, to: accounts, by: PeerVotes.deletedEvery)
            .map { "('\(AccountName.text($0))')" }
        try connection.query("INSERT INTO deleted VALUES \(deleted.joined(separator: ","))")
        try connection.query("ANALYZE deleted; CHECKPOINT")
    }

    /// Sends all of them.
    /// - Returns: the seconds until the last transaction was durable.
    func send(to cluster: PostgresCluster) throws -> Double {
        let path = cluster.socketPath
        let starts = try onThreads(form.connections) { [self] number in
            let connection = try PostgresConnection(path: path)
            try connection.query(PostgresSchema.session(form))
            let statement = PostgresSchema.statement(form, connection: number)
            if form.feed == .arrays {
                try connection.exchange(PostgresMessage.prepare("vote", statement))
            }
            let watch = Stopwatch()
            for batch in lanes[number].batches {
                try send(batch, statement, over: connection)
            }
            return watch.seconds
        }
        return starts.max() ?? 0
    }

    private func send(
        _ batch: [UInt8], _ statement: String, over connection: PostgresConnection
    ) throws {
        switch form.feed {
        case .arrays:
            try connection.exchange(batch)
        case .copy:
            try connection.startCopy(PostgresMessage.query("BEGIN; COPY given FROM STDIN"))
            try connection.exchange(batch)
            try connection.query("\(statement); COMMIT")
        }
    }

    /// Compares every count that PostgreSQL has with those that must come out.
    func check(_ connection: PostgresConnection) throws {
        let rows = try connection.query(
            """
            SELECT sum(agree), sum(mixed), sum(disagree) FROM counts GROUP BY proposal
            ORDER BY proposal
            """)
        let counted = rows.flatMap { $0 }.map { $0.flatMap { Int($0) } }
        let expected = lanes[0].votes.counts.indices.map { place in
            lanes.reduce(0) { $0 + $1.votes.counts[place] }
        }
        guard counted == expected else {
            throw Fault("the counts of PostgreSQL are wrong (\(form))")
        }
    }
}
