import Synchronization

/// The figures of a shard, for whoever wants to read them.
final class PublishedStatistics: Sendable {
    private let statistics: Mutex<BallotStatistics>

    init(_ statistics: BallotStatistics) {
        self.statistics = Mutex(statistics)
    }

    var current: BallotStatistics {
        get { statistics.withLock { $0 } }
        set { statistics.withLock { $0 = newValue } }
    }
}
