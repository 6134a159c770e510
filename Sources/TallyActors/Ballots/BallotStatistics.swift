/// Figures of one ballot shard for metrics: totals since the start, and what there is now.
public struct BallotStatistics: Sendable {
    /// By outcome code.
    public private(set) var outcomes = [UInt64](repeating: 0, count: 64)
    public private(set) var retractedVotes: UInt64 = 0
    public private(set) var frozenVotes: UInt64 = 0
    public private(set) var votes = 0
    public private(set) var accounts = 0
    public private(set) var tombstones = 0

    /// Commands that were refused before anybody looked at the account, which is deleted.
    private var otherNamingsOfDeleted: UInt64 = 0

    /// Commands that named an account which is deleted: deletions, repeated ones, refused votes.
    var namingsOfDeleted: UInt64 {
        let codes: [Outcome.Code] = [.deleted, .alreadyDeleted, .accountDeleted]
        return codes.reduce(otherNamingsOfDeleted) { $0 + outcomes[Int($1.rawValue)] }
    }

    mutating func countOtherNamingOfDeleted() { otherNamingsOfDeleted += 1 }

    @inline(__always)
    mutating func count(_ outcome: Outcome) {
        outcomes[Int(outcome.raw & 63)] &+= 1
        if outcome.code == .deleted {
            retractedVotes &+= UInt64(outcome.retracted)
            frozenVotes &+= UInt64(outcome.frozen)
        }
    }

    mutating func take(from machine: BallotMachine) {
        votes = machine.voteCount
        accounts = machine.accountCount
        tombstones = machine.tombstoneCount
    }

    mutating func add(_ other: BallotStatistics) {
        for index in outcomes.indices { outcomes[index] &+= other.outcomes[index] }
        otherNamingsOfDeleted += other.otherNamingsOfDeleted
        retractedVotes &+= other.retractedVotes
        frozenVotes &+= other.frozenVotes
        votes += other.votes
        accounts += other.accounts
        tombstones += other.tombstones
    }
}
