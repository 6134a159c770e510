package import TallyActors

/// Where a line decoder puts what it read, in the order of the lines. Blank lines are told to
/// nobody: they are in the decoder's count only.
package protocol LineSink {
    /// - Parameter line: counted from 1.
    mutating func accept(_ command: Command, line: UInt64)
    /// A whole ballot.
    ///
    /// - Parameter votes: casts of this account in this phase, at most as many as a ballot has.
    mutating func accept(
        ballot votes: [Command], of account: AccountKey, in phase: PhaseNumber, line: UInt64)
    mutating func refuse(line: UInt64, with refusal: Refusal)
}
