/// What a ballot shard is told.
package enum BallotMessage: Sendable {
    case record(OrderedRecord)
    /// The catalogue that the command at `sequence` made.
    case adopt(Catalogue, sequence: UInt64, instant: Instant, Rendezvous)
    case gatherLocks(Gathering<VoteLocks>)
    /// Gives a copy of the machine that shares its memory until one side writes.
    case freeze(Gathering<BallotMachine>)
    case read(AccountKey, @Sendable (AccountVotes) -> Void)
}
