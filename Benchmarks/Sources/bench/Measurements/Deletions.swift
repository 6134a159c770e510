/// Account deletions: how many in a second, and whether one takes longer the more accounts there are.
enum Deletions {
    private static let rounds = 3
    private static let streams = 4

    /// What one server gave, a value per round.
    private struct Result {
        /// The median of many single deletions one after the other, milliseconds.
        var single: [Double] = []
        /// Deletions/s over streams.
        var streamed: [Double] = []

        /// Of one deletion in the streams.
        var each: Figure { Figure(streamed.map { 1e6 / $0 }, .microseconds) }
    }

    static func measure(_ session: Session) throws -> Findings {
        let scale = session.scale
        let few = try delete(among: scale.fewAccounts, session)
        let many = try delete(among: scale.manyAccounts, session)
        let fewer = "\(Figure.grouped(scale.fewAccounts)) accounts"
        let more = "\(Figure.grouped(scale.manyAccounts)) accounts"
        let what = "of \(scale.votesPerAccount) votes each"
        return Findings(
            rows: [
                Row(
                    name: "account deletions/s \(what), durable, \(more) present",
                    tally: Figure(many.streamed, .deletionsPerSecond)),
                Row(
                    name: "one deletion alone, \(more) present",
                    tally: Figure(many.single, .milliseconds),
                    peer: (fewer, Figure(few.single, .milliseconds)), target: .atMost(1.5)),
                Row(
                    name: "one deletion of many, \(more) present", tally: many.each,
                    peer: (fewer, few.each), target: .atMost(1.5)),
            ],
            method: [method(scale)])
    }

    private static func delete(among accounts: Int, _ session: Session) throws -> Result {
        let scale = session.scale
        let server = try TallyServer(session)
        try server.define(proposals: scale.proposals)
        let population = Population(
            accounts: accounts, votesPerAccount: scale.votesPerAccount, proposals: scale.proposals)
        let seconds = try population.fill(server)
        session.note("  \(population.votes) votes in \(Figure.number(seconds)) s")
        // Accounts to delete lie far apart; each round takes the next ones.
        var leavers = stride(
            from: 0, to: accounts,
            by: max(1, accounts / (rounds * (scale.singleDeletions + scale.streamedDeletions)))
        ).makeIterator()
        var result = Result()
        for _ in 0..<rounds {
            result.single.append(
                try single(leavers.next(scale.singleDeletions), server, scale))
            result.streamed.append(
                try streamed(leavers.next(scale.streamedDeletions), server, scale))
        }
        try server.stop()
        return result
    }

    private static func single(
        _ accounts: [Int], _ server: TallyServer, _ scale: Scale
    ) throws -> Double {
        let connection = try HTTPConnection(port: server.port)
        let times = try accounts.map { account in
            let path = "/v1/accounts/\(AccountName.text(account))"
            let watch = Stopwatch()
            let answer = try connection.success("DELETE", path)
            let milliseconds = watch.seconds * 1000
            let text = String(decoding: answer, as: UTF8.self)
            guard text.contains("\"retracted\":\(scale.votesPerAccount),") else {
                throw Fault("a deletion is answered \(text)")
            }
            return milliseconds
        }
        return Figure.quantile(times, 0.5)
    }

    private static func streamed(
        _ accounts: [Int], _ server: TallyServer, _ scale: Scale
    ) throws -> Double {
        let port = server.port
        let bodies = (0..<streams).map { stream in
            stride(from: stream, to: accounts.count, by: streams).flatMap {
                Array("{\"account\":\"\(AccountName.text(accounts[$0]))\"}\n".utf8)
            }
        }
        let watch = Stopwatch()
        let lines = try onThreads(streams) { stream in
            let connection = try HTTPConnection(port: port)
            try connection.startStream("/v1/deletions", length: bodies[stream].count)
            try bodies[stream].withUnsafeBytes(connection.send)
            return try connection.lastLine()
        }
        let seconds = watch.seconds
        for (stream, line) in lines.enumerated() {
            let deleted = stride(from: stream, to: accounts.count, by: streams).underestimatedCount
            let retracted = deleted * scale.votesPerAccount
            guard line.contains("\"retracted\":\(retracted),") else {
                throw Fault("\(deleted) deletions end with \(line)")
            }
        }
        return Double(accounts.count) / seconds
    }

    private static func method(_ scale: Scale) -> String {
        """
        Every account has cast \(scale.votesPerAccount) votes on different proposals, in turns with the \
        others. Then, in \(rounds) rounds on the same server, \
        \(Figure.grouped(scale.singleDeletions)) accounts are deleted one after the other over one \
        connection (the median is given; making the command durable is most of it), and \
        \(Figure.grouped(scale.streamedDeletions)) over \(streams) streams. All retractions are \
        checked. The same is done with the smaller number of accounts.
        """
    }
}

extension IteratorProtocol {
    /// The next elements, as many as that.
    fileprivate mutating func next(_ count: Int) -> [Element] {
        (0..<count).map { _ in
            guard let element = next() else { preconditionFailure("too few elements") }
            return element
        }
    }
}
