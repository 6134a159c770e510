/// Durable votes/s of Redis with a function that does the same job.
enum RedisVotes {
    private static let pipeline = 64

    static func measure(_ session: Session) throws -> Findings {
        let scale = session.scale
        let version = try RedisServer.version()
        let load = try RedisLoad(
            votes: scale.redisVotes, connections: scale.connections, pipeline: pipeline,
            accounts: scale.accounts, proposals: scale.proposals)
        let rates = try session.runs(version) { _ in
            let server = try RedisServer(in: session.workspace)
            defer { server.stop() }
            let connection = try RedisConnection(port: server.port)
            try prepare(connection, accounts: scale.accounts)
            let seconds = try load.send(to: server)
            try load.check(connection)
            return Double(load.votes) / seconds
        }
        let row = Row(
            name: "votes/s of the stream, durable", tally: try VoteStream.figure(session),
            peer: (version, Figure(rates, .votesPerSecond)), target: .atLeast(15))
        return Findings(rows: [row], method: [VoteStream.method(scale), method(load)])
    }

    private static func prepare(_ connection: RedisConnection, accounts: Int) throws {
        _ = try connection.call("FUNCTION", "LOAD", RedisFunction.source)
        for account in stride(from: 0, to: accounts, by: PeerVotes.deletedEvery) {
            try RedisFunction.delete(account: account).withUnsafeBytes(connection.send)
            _ = try connection.reply()
        }
    }

    private static func method(_ load: RedisLoad) -> String {
        """
        Redis gets \(Figure.grouped(load.votes)) votes of the same kind, prepared as bytes before \
        the clock starts and sent by one thread over the same number of connections, \(pipeline) at a \
        time on each, with `appendfsync always` and nothing else that would write. A function \
        (`FCALL`) refuses deleted accounts (one in \(PeerVotes.deletedEvery) is), keeps the account's \
        vote in a hash per account, and moves the counts; of the ways to write it that were tried, it is \
        the one that costs Redis least. Afterwards every count and the number of refusals are checked.
        """
    }
}
