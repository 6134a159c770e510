/// Durable single votes/s, beside nghttpd, which answers the same requests with a file.
enum UnaryVotes {
    private static let body = "{\"choice\":\"agree\"}"
    private static let answer = "{\"outcome\":\"counted\",\"sequence\":123456}"

    static func measure(_ session: Session) throws -> Findings {
        let scale = session.scale
        let each = scale.unaryVotes / RequestLoad.connections
        let paths = (0..<each).map { number in
            "\(TallyServer.phasePath)/proposals/\(ProposalName.text(number % scale.proposals))"
                + "/votes/\(AccountName.text(number))"
        }
        let tally = try session.runs("tally, single votes") { _ in
            let server = try TallyServer(session)
            try server.define(proposals: scale.proposals)
            let before = try server.metric("tally_position")
            let addresses = try list(paths.map { server.url + $0 }, session)
            let rate = try put(addresses, session)
            let journaled = try Int(server.metric("tally_position") - before)
            guard journaled == each * RequestLoad.connections,
                try Int(server.metric("tally_votes")) == each
            else {
                throw Fault("\(journaled) single votes were journaled")
            }
            try server.stop()
            return rate
        }
        let peer = try session.runs("nghttpd, single votes") { _ in
            let server = try FileServer(["answer": Array(answer.utf8)], in: session.workspace)
            defer { server.stop() }
            // What follows the question mark makes the requests as long as Tally's; nghttpd skips it.
            return try put(try list(paths.map { server.url("answer?\($0)") }, session), session)
        }
        let row = Row(
            name: "single votes/s, durable", tally: Figure(tally, .votesPerSecond),
            peer: (try FileServer.version(), Figure(peer, .votesPerSecond)),
            target: .atLeast(0.7))
        return Findings(rows: [row], method: [method(scale, each)])
    }

    private static func put(_ addresses: String, _ session: Session) throws -> Double {
        try RequestLoad(
            .file(addresses), extent: .requests(session.scale.unaryVotes), body: body,
            in: session.workspace
        ).perSecond()
    }

    private static func list(_ urls: [String], _ session: Session) throws -> String {
        let file = session.workspace.file("addresses")
        try urls.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
        return file
    }

    private static func method(_ scale: Scale, _ each: Int) -> String {
        """
        `h2load -t1 -c\(RequestLoad.connections) -m\(RequestLoad.inFlight)` puts \
        \(Figure.grouped(scale.unaryVotes)) single votes. Each of its connections goes through the \
        same \(Figure.grouped(each)) accounts, so that a vote is counted once and repeated by the \
        others; each is a command of its own in the journal, on stable storage before it is answered, \
        and that is checked. nghttpd (one worker, as it comes) answers requests of the same length and \
        body with a file of \(answer.utf8.count) bytes, and keeps nothing.
        """
    }
}
