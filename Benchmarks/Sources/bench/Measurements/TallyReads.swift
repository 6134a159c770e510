import Glibc

/// Reads of tallies/s, beside nghttpd, which answers with a file of the same size: idle, and while votes
/// stream in.
enum TallyReads {
    /// The votes that come in while reads are measured.
    private enum Stream {
        case paced(Int)
        /// As fast as they are taken.
        case full

        var text: String {
            switch self {
            case .paced(let rate): "beside a stream of \(Figure.grouped(rate)) votes/s"
            case .full: "beside a stream as fast as it is taken"
            }
        }
    }

    /// More than can vote while reads are measured.
    private static let endlessAccounts = 100_000_000

    /// Reads/s beside votes, and how many of those were taken.
    private struct Mixed {
        var reads: Figure
        var votes: Figure
    }

    static func measure(_ session: Session) throws -> Findings {
        let scale = session.scale
        let version = try FileServer.version()
        let server = try TallyServer(session)
        let path = LoadRun.phasePath("idle")
        let plan = LoadRun.Plan(
            connections: scale.connections, extent: .votes(scale.accounts / 5),
            accounts: scale.accounts / 5, proposals: scale.proposals, consultation: "idle")
        _ = try LoadRun(plan, against: server, seed: 1, session).result()
        var findings = Findings()
        let proposal = "\(path)/proposals/\(LoadRun.proposal)/tally"
        findings.rows = [
            try idle("one proposal", proposal, .atLeast(1), server, version, session),
            try idle("a phase", "\(path)/tally", nil, server, version, session),
        ]
        try server.stop()
        var taken: [String] = []
        let streams: [(Stream, Row.Target?)] = [
            (.paced(scale.pacedVotes), .atLeast(0.7)), (.full, nil),
        ]
        for (stream, target) in streams {
            let ours = try besideVotes(stream, ofTally: true, session)
            let theirs = try besideVotes(stream, ofTally: false, session)
            findings.rows.append(
                Row(
                    name: "tally reads/s, one proposal, \(stream.text)", tally: ours.reads,
                    peer: (version, theirs.reads), target: target))
            taken.append(
                "\(ours.votes.text) beside its own reads and \(theirs.votes.text) beside nghttpd's")
        }
        findings.method = [method(taken)]
        return findings
    }

    private static func idle(
        _ what: String, _ path: String, _ target: Row.Target?, _ server: TallyServer,
        _ version: String, _ session: Session
    ) throws -> Row {
        let content = try HTTPConnection(port: server.port).success("GET", path)
        let files = try FileServer(["tally": content], in: session.workspace)
        defer { files.stop() }
        let ours = try session.runs("tally, reads of \(what)") { _ in
            try load(server.url + path, session).perSecond()
        }
        let theirs = try session.runs("nghttpd, reads of \(what)") { _ in
            try load(files.url("tally"), session).perSecond()
        }
        let size = Figure.grouped(content.count)
        return Row(
            name: "tally reads/s, \(what) (\(size) bytes), idle",
            tally: Figure(ours, .readsPerSecond),
            peer: (version, Figure(theirs, .readsPerSecond)), target: target)
    }

    /// Reads a proposal that the votes are about, or a file of that size from nghttpd, while the server takes
    /// the votes.
    private static func besideVotes(
        _ stream: Stream, ofTally: Bool, _ session: Session
    ) throws -> Mixed {
        let scale = session.scale
        let who = ofTally ? "tally" : "nghttpd"
        let results = try session.runs("\(who), reads \(stream.text)") { run in
            let server = try TallyServer(session)
            let consultation = "busy"
            var plan = LoadRun.Plan(
                connections: scale.connections, extent: .seconds(scale.readSeconds + 4),
                accounts: endlessAccounts, proposals: scale.proposals, consultation: consultation)
            if case .paced(let rate) = stream { plan.rate = rate }
            let votes = try LoadRun(plan, against: server, seed: run, session)
            sleep(1)
            let path = "\(LoadRun.phasePath(consultation))/proposals/\(LoadRun.proposal)/tally"
            let content = try HTTPConnection(port: server.port).success("GET", path)
            var url = server.url + path
            var files: FileServer?
            if !ofTally {
                let peer = try FileServer(["tally": content], in: session.workspace)
                url = peer.url("tally")
                files = peer
            }
            let reads = try load(url, session).perSecond()
            files?.stop()
            let taken = try votes.result().votes.perSecond
            try server.stop()
            return (reads: reads, votes: taken)
        }
        return Mixed(
            reads: Figure(results.map(\.reads), .readsPerSecond),
            votes: Figure(results.map(\.votes), .votesPerSecond))
    }

    private static func load(_ url: String, _ session: Session) throws -> RequestLoad {
        try RequestLoad(
            .url(url), extent: .seconds(session.scale.readSeconds), in: session.workspace)
    }

    private static func method(_ taken: [String]) -> String {
        """
        `h2load -t1 -c\(RequestLoad.connections) -m\(RequestLoad.inFlight)` reads one address; nghttpd (one \
        worker, as it comes) serves a file with the bytes that Tally answered. Beside the votes, reading \
        starts a second after `tally load` has begun to vote in the same consultation over \
        streams; for nghttpd, Tally takes the same votes meanwhile, so that both share the machine with \
        them. Votes taken of the paced stream: \(taken[0]); of the full one: \(taken[1]).
        """
    }
}
