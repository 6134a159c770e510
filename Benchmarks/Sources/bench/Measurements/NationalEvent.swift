/// The petition to revoke Article 50 of 2019, whole, while 10,000 reads a second are answered.
enum NationalEvent {
    private static let changes = 0.09
    private static let leavers = 0.05

    static func measure(_ session: Session) throws -> Findings {
        let scale = session.scale
        let plan = LoadRun.Plan(
            connections: scale.connections, extent: .votes(scale.eventVotes),
            accounts: scale.eventVotes, proposals: 1, changes: changes, leavers: leavers,
            kind: .support, reads: scale.eventReads)
        let results = try session.runs("the petition") { run in
            let server = try TallyServer(session)
            let result = try LoadRun(plan, against: server, seed: run, session).result()
            try server.stop()
            guard let reads = result.reads, reads.failed == 0 else {
                throw Fault("reads failed beside the petition: \(result)")
            }
            return (seconds: result.seconds, reads: reads)
        }
        let name = "the petition of \(Figure.grouped(scale.eventVotes)) signatures"
        let lateness = results.map { Double($0.reads.latencyNanoseconds.p99) / 1e6 }
        let rate = Figure.grouped(scale.eventReads)
        return Findings(
            rows: [
                Row(name: name, tally: Figure(results.map(\.seconds), .seconds)),
                Row(
                    name: "reads/s answered meanwhile, of \(rate) due",
                    tally: Figure(results.map(\.reads.perSecond), .readsPerSecond)),
                Row(
                    name: "the slowest hundredth of the reads came so late or later",
                    tally: Figure(lateness, .milliseconds)),
            ],
            method: [method(scale)])
    }

    private static func method(_ scale: Scale) -> String {
        """
        As many accounts sign the one proposal over \(scale.connections) streams, as fast as they are \
        taken; \(Int(changes * 100)) % withdraw and sign again later, \(Int(leavers * 100)) % of the accounts are \
        deleted again, over streams beside them. Meanwhile another connection reads the tally \
        \(Figure.grouped(scale.eventReads)) times a second; how late an answer is counts from the \
        moment that its request was due, so that a server that stalls cannot hide it. The time ends with \
        the last acknowledgement; then every count is compared with the generator's own.
        """
    }
}
