package import TallyActors

/// What one line came to.
package enum LineReading: Sendable {
    case command(Command)
    /// A whole ballot: its votes are the `ballotVotes` of the grammar that read it.
    case ballot(of: AccountKey, in: PhaseNumber)
    case refused(Refusal)
}
