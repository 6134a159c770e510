/// Votes/s of the NDJSON stream: what both databases stand beside.
enum VoteStream {
    static func figure(_ session: Session) throws -> Figure {
        try session.streamFigure {
            let scale = session.scale
            let plan = LoadRun.Plan(
                connections: scale.connections, extent: .votes(scale.streamVotes),
                accounts: scale.accounts, proposals: scale.proposals, changes: PeerVotes.changes)
            let rates = try session.runs("tally load, stream") { run in
                let server = try TallyServer(session)
                let result = try LoadRun(plan, against: server, seed: run, session).result()
                try server.stop()
                return result.votes.perSecond
            }
            return Figure(rates, .votesPerSecond)
        }
    }

    static func method(_ scale: Scale) -> String {
        """
        Tally gets \(Figure.grouped(scale.streamVotes)) votes of `tally load` over \
        \(scale.connections) HTTP/2 connections, one stream of lines on each, as fast as flow control \
        lets them through: \(Figure.grouped(scale.proposals)) proposals with three choices, \
        \(Figure.grouped(scale.accounts)) accounts with identifiers of 36 characters, and \
        \(Int(PeerVotes.changes * 100)) % changes on top. Every vote is on stable storage when it is \
        acknowledged; afterwards every count is compared with the generator's own. The server starts \
        empty, and the generator shares the machine with it.
        """
    }
}
