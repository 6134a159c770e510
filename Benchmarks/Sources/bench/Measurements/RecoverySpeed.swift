import Foundation

/// How fast a server that was killed is there again: from the journal alone, and from a snapshot.
enum RecoverySpeed {
    /// What writing a snapshot took.
    private struct Snapshot {
        var seconds: Double
        var bytes: Int
    }

    static func measure(_ session: Session) throws -> Findings {
        let filled = try session.filledServer()
        session.filledServerIsUsedUp()
        let directory = filled.server.directory
        let votes = Figure.grouped(filled.votes)
        filled.server.crash()

        for name in try snapshots(directory) {
            try FileManager.default.removeItem(atPath: "\(directory)/\(name)")
        }
        let journal = try restarts(directory, filled.votes, "from the journal", session)
        var findings = Findings(
            rows: [Row(name: "recovery from the journal, \(votes) votes", tally: journal)],
            method: [
                """
                The server of the memory's measurement is killed (`SIGKILL`) and started again on its \
                data directory; what counts is the time until it says that it listens: \
                \(seconds(filled.votes, journal)) from the journal alone. The files are in the page cache.
                """
            ])

        guard let written = try snapshot(directory, session) else {
            findings.method.append("This version of the server writes no snapshot on request.")
            return findings
        }
        let snapshot = try restarts(directory, filled.votes, "from a snapshot", session)
        findings.rows.append(Row(name: "recovery from a snapshot, \(votes) votes", tally: snapshot))
        findings.method.append(
            """
            From a snapshot of all votes it takes \(seconds(filled.votes, snapshot)). Writing that took \
            \(Figure.number(written.seconds)) s; it has \(written.bytes >> 20) MiB.
            """)
        return findings
    }

    /// Lets a server write a snapshot, and kills it.
    /// - Returns: nil when it knows no snapshots.
    private static func snapshot(_ directory: String, _ session: Session) throws -> Snapshot? {
        let server = try TallyServer(session, on: directory)
        defer { server.crash() }
        let connection = try HTTPConnection(port: server.port)
        let watch = Stopwatch()
        let answer = try connection.answer("POST", "/v1/admin/snapshot")
        let seconds = watch.seconds
        if answer.status == 404 { return nil }
        guard (200..<300).contains(answer.status) else {
            throw Fault("a snapshot is answered \(answer.status): \(answer.text)")
        }
        let sizes = try snapshots(directory).map { name in
            try FileManager.default.attributesOfItem(atPath: "\(directory)/\(name)")[.size] as? Int
        }
        return Snapshot(seconds: seconds, bytes: sizes.compactMap { $0 }.max() ?? 0)
    }

    private static func snapshots(_ directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory)
            .filter { $0.hasPrefix("snapshot-") }
    }

    private static func restarts(
        _ directory: String, _ votes: Int, _ what: String, _ session: Session
    ) throws -> Figure {
        let rates = try session.runs("tally serve, \(what)") { _ in
            let server = try TallyServer(session, on: directory)
            let held = try Int(server.metric("tally_votes"))
            guard held == votes else { throw Fault("\(held) votes came back, not \(votes)") }
            server.crash()
            return Double(votes) / server.startSeconds
        }
        return Figure(rates, .votesPerSecond)
    }

    private static func seconds(_ votes: Int, _ figure: Figure) -> String {
        "\(Figure.number(Double(votes) / figure.median)) s"
    }
}
