/// How much of everything a run does.
struct Scale {
    /// How often each side is measured.
    var runs = 3
    /// Accounts and proposals that the votes/s of the stream are measured with.
    var accounts = 5_000_000
    var proposals = 1000
    var connections = 8
    var streamVotes = 20_000_000
    /// Votes and accounts that each kind of ballot is measured with.
    var kindVotes = 8_000_000
    var kindAccounts = 1_000_000
    /// As many votes as keep each database busy for ten seconds on a small machine.
    var redisVotes = 1_200_000
    var postgresVotes = 1_000_000
    /// Votes that each form of batch gets while the best is looked for.
    var postgresTrialVotes = 200_000
    var unaryVotes = 400_000
    /// Votes that the price of TLS is measured with, in streams and single.
    var tlsStreamVotes = 8_000_000
    var tlsUnaryVotes = 1_000_000
    var tlsAccounts = 1_000_000
    /// Seconds that reads are measured for, after one to warm up.
    var readSeconds = 5
    /// Votes/s of the paced stream beside which reads are measured.
    var pacedVotes = 100_000
    var fewAccounts = 100_000
    var manyAccounts = 5_000_000
    var votesPerAccount = 10
    var singleDeletions = 400
    var streamedDeletions = 30_000
    var memoryAccounts = 2_000_000
    /// Single votes/s, and seconds, that latency beside snapshots is measured with.
    var latencyVotes = 20_000
    var latencySeconds = 10
    var eventVotes = 6_100_000
    var eventReads = 10_000

    /// A hundredth of most: to see that everything works, not how fast.
    static let quick = Scale(
        runs: 1, accounts: 50_000, proposals: 100, streamVotes: 400_000, kindVotes: 200_000,
        kindAccounts: 25_000, redisVotes: 60_000,
        postgresVotes: 100_000, postgresTrialVotes: 20_000, unaryVotes: 20_000,
        tlsStreamVotes: 200_000, tlsUnaryVotes: 50_000, tlsAccounts: 25_000, readSeconds: 1,
        pacedVotes: 20_000, fewAccounts: 10_000, manyAccounts: 50_000, singleDeletions: 40,
        streamedDeletions: 2000, memoryAccounts: 50_000, latencyVotes: 2000,
        latencySeconds: 2, eventVotes: 200_000, eventReads: 2000)
}
