/// How late single votes are answered while a snapshot is written, beside none.
enum SnapshotLatency {
    private static let target = Row.Target.atMost(2)

    static func measure(_ session: Session) throws -> Findings {
        let filled = try session.filledServer()
        var alone: [Double] = []
        var beside: [Double] = []
        var snapshots = 0
        _ = try session.runs("single votes, without snapshots and beside them") { run in
            let quiet = try load(filled.server, seed: 2 * run, session)
            alone.append(try milliseconds(quiet))
            let busy = try load(filled.server, seed: 2 * run + 1, session)
            snapshots += try writeSnapshots(filled.server, seconds: session.scale.latencySeconds)
            beside.append(try milliseconds(busy))
        }
        let row = Row(
            name:
                "p99 of single votes while snapshots of \(Figure.grouped(filled.votes)) votes are "
                + "written",
            tally: Figure(beside, .milliseconds),
            peer: ("without a snapshot", Figure(alone, .milliseconds)), target: target)
        return Findings(rows: [row], method: [method(session.scale, snapshots: snapshots)])
    }

    private static func load(
        _ server: TallyServer, seed: Int, _ session: Session
    ) throws -> LoadRun {
        let scale = session.scale
        let plan = LoadRun.Plan(
            connections: scale.connections, extent: .seconds(scale.latencySeconds),
            accounts: scale.fewAccounts, proposals: scale.proposals, rate: scale.latencyVotes,
            isUnary: true)
        return try LoadRun(plan, against: server, seed: seed, session)
    }

    /// The slowest hundredth of the answers, from the time that each vote was due.
    private static func milliseconds(_ run: LoadRun) throws -> Double {
        Double(try run.result().votes.latencyNanoseconds.p99) / 1e6
    }

    /// One after the other, for so long.
    private static func writeSnapshots(_ server: TallyServer, seconds: Int) throws -> Int {
        let connection = try HTTPConnection(port: server.port)
        let watch = Stopwatch()
        var snapshots = 0
        while watch.seconds < Double(seconds) {
            try connection.success("POST", "/v1/admin/snapshot")
            snapshots += 1
        }
        return snapshots
    }

    private static func method(_ scale: Scale, snapshots: Int) -> String {
        """
        The server of the memory's measurement gets \(Figure.grouped(scale.latencyVotes)) single votes/s \
        over \(scale.connections) connections for \(scale.latencySeconds) seconds, first alone, then while \
        one snapshot after the other is asked for (\(snapshots) in all runs together). Latency counts \
        from the moment that a vote was due.
        """
    }
}
