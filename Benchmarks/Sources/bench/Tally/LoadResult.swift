/// What `tally load --json` says, as far as the benchmarks look at it.
struct LoadResult: Decodable {
    struct Traffic: Decodable {
        var acknowledged: Int
        /// Until the last acknowledgement.
        var seconds: Double
        var perSecond: Double
        var latencyNanoseconds: Latency
    }

    struct Latency: Decodable {
        /// From the time that a request was due, as are the others.
        var p50: Int
        var p99: Int
        var max: Int
    }

    struct Reads: Decodable {
        var answered: Int
        var failed: Int
        var perSecond: Double
        var latencyNanoseconds: Latency
    }

    struct Check: Decodable {
        var compared: Int
        var differences: Int
    }

    /// Changes and withdrawals included.
    var votes: Traffic
    var deletions: Traffic?
    var reads: Reads?
    var check: Check

    /// Until everything was acknowledged.
    var seconds: Double { max(votes.seconds, deletions?.seconds ?? 0) }
}
