import ArgumentParser

/// What can be measured, by the name that selects it.
enum Measurement: String, CaseIterable, ExpressibleByArgument {
    case redis, postgres, kinds, unary, tls, reads, deletions, memory, snapshots, recovery, event

    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }

    var title: String {
        switch self {
        case .redis: "Votes of the stream, beside Redis"
        case .postgres: "Votes of the stream, beside PostgreSQL"
        case .kinds: "Votes of the stream, kind by kind"
        case .unary: "Single votes"
        case .tls: "The price of TLS"
        case .reads: "Reads of tallies"
        case .deletions: "Deletions"
        case .memory: "Memory"
        case .snapshots: "Snapshots"
        case .recovery: "Recovery"
        case .event: "One national event"
        }
    }

    func measure(_ session: Session) throws -> Findings {
        switch self {
        case .redis: try RedisVotes.measure(session)
        case .postgres: try PostgresVotes.measure(session)
        case .kinds: try VotesPerKind.measure(session)
        case .unary: try UnaryVotes.measure(session)
        case .tls: try PriceOfTLS.measure(session)
        case .reads: try TallyReads.measure(session)
        case .deletions: try Deletions.measure(session)
        case .memory: try MemoryPerVote.measure(session)
        case .snapshots: try SnapshotLatency.measure(session)
        case .recovery: try RecoverySpeed.measure(session)
        case .event: try NationalEvent.measure(session)
        }
    }
}
