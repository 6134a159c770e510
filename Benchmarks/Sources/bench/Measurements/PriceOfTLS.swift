/// Votes/s over TLS, beside the same in the clear.
enum PriceOfTLS {
    static func measure(_ session: Session) throws -> Findings {
        let certificate = try TestCertificate(session)
        let rows = [
            try row("votes/s of the stream, over TLS", isUnary: false, certificate, session),
            try row("single votes/s, over TLS", isUnary: true, certificate, session),
        ]
        return Findings(rows: rows, method: [method(session.scale)])
    }

    private static func row(
        _ name: String, isUnary: Bool, _ certificate: TestCertificate, _ session: Session
    ) throws -> Row {
        var clear: [Double] = []
        var encrypted: [Double] = []
        _ = try session.runs(name) { run in
            // What comes second may find the machine warmer: they take turns in that, too.
            for isEncrypted in run.isMultiple(of: 2) ? [true, false] : [false, true] {
                let rate = try votesPerSecond(
                    isUnary: isUnary, over: isEncrypted ? certificate : nil, run: run, session)
                if isEncrypted { encrypted.append(rate) } else { clear.append(rate) }
            }
        }
        return Row(
            name: name, tally: Figure(encrypted, .votesPerSecond),
            peer: ("in the clear", Figure(clear, .votesPerSecond)), target: nil)
    }

    private static func votesPerSecond(
        isUnary: Bool, over certificate: TestCertificate?, run: Int, _ session: Session
    ) throws -> Double {
        let scale = session.scale
        let plan = LoadRun.Plan(
            connections: scale.connections,
            extent: .votes(isUnary ? scale.tlsUnaryVotes : scale.tlsStreamVotes),
            accounts: scale.tlsAccounts, proposals: scale.proposals, changes: PeerVotes.changes,
            isUnary: isUnary)
        let server = try TallyServer(session, certificate: certificate)
        let result = try LoadRun(plan, against: server, seed: run, session).result()
        try server.stop()
        return result.votes.perSecond
    }

    private static func method(_ scale: Scale) -> String {
        """
        `tally load` over \(scale.connections) connections, made and checked as above: \
        \(Figure.grouped(scale.tlsStreamVotes)) votes in streams, then \
        \(Figure.grouped(scale.tlsUnaryVotes)) single ones, 100 in flight on each connection; over TLS 1.3 \
        and in the clear in turns, each on an empty server of its own. The generator encrypts on the same \
        cores as the server decrypts, so the price is that of both sides together.
        """
    }
}
