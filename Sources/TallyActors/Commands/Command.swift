/// One command on one account, 24 bytes, the same in memory and in the journal (little-endian).
///
/// - bytes 0–15: the account's key
/// - bytes 16–23: the `VoteWord` below, whose lowest 4 bits hold the operation.
///
/// A whole ballot is one command, too, of several times 24 bytes: its head, and a cast for each of
/// its votes.
public struct Command: Sendable, BitwiseCopyable {
    /// Bytes a command takes in the journal; a ballot's votes take as many each.
    public static let size = 24

    public var account: AccountKey
    public var word: UInt64

    @inlinable
    public init(account: AccountKey, word: UInt64) {
        self.account = account
        self.word = word
    }

    public enum Operation: UInt8, Sendable {
        // Set the account's vote on one proposal; what the vote carries is a `VoteContent`.
        case castNothing = 1
        case castChoice = 2
        case castRank = 3
        case castPoints = 4
        /// Remove the account's vote on one proposal.
        case withdraw = 8
        /// Delete the account: retract in open phases, freeze in closed ones, refuse ever after.
        case deleteAccount = 9
        /// Replace all of the account's votes in the phase. As many casts of the same account and
        /// phase as `value` says follow: they are part of this command, and have no number.
        case ballot = 10

        /// What a cast carries; nil for what is not a cast.
        @inlinable public var content: VoteContent? {
            rawValue <= VoteContent.points.rawValue ? VoteContent(rawValue: rawValue) : nil
        }
    }

    /// A vote that carries nothing.
    public static func cast(
        _ account: AccountKey, phase: PhaseNumber, proposal: ProposalNumber
    ) -> Command {
        cast(account, phase: phase, proposal: proposal, value: 0, as: .nothing)
    }

    /// - Parameter choice: the choice's permanent number in its phase.
    public static func cast(
        _ account: AccountKey, phase: PhaseNumber, proposal: ProposalNumber, choice: UInt32
    ) -> Command {
        cast(account, phase: phase, proposal: proposal, value: choice, as: .choice)
    }

    public static func cast(
        _ account: AccountKey, phase: PhaseNumber, proposal: ProposalNumber, rank: UInt32
    ) -> Command {
        cast(account, phase: phase, proposal: proposal, value: rank, as: .rank)
    }

    public static func cast(
        _ account: AccountKey, phase: PhaseNumber, proposal: ProposalNumber, points: UInt32
    ) -> Command {
        cast(account, phase: phase, proposal: proposal, value: points, as: .points)
    }

    /// - Parameter value: a choice's permanent number, a rank, points, or 0 for nothing.
    @inlinable
    public static func cast(
        _ account: AccountKey, phase: PhaseNumber, proposal: ProposalNumber, value: UInt32,
        as content: VoteContent
    ) -> Command {
        Command(
            account: account,
            word: VoteWord(phase: phase, proposal: proposal, value: value).raw
                | UInt64(content.rawValue))
    }

    public static func withdraw(
        _ account: AccountKey, phase: PhaseNumber, proposal: ProposalNumber
    ) -> Command {
        Command(
            account: account,
            word: VoteWord(phase: phase, proposal: proposal, value: 0).raw
                | UInt64(Operation.withdraw.rawValue))
    }

    public static func delete(_ account: AccountKey) -> Command {
        Command(account: account, word: UInt64(Operation.deleteAccount.rawValue))
    }

    /// The head of a whole ballot; `CommandBatch.appendBallot` puts it before the ballot's votes.
    static func ballot(_ account: AccountKey, phase: PhaseNumber, voteCount: Int) -> Command {
        Command(
            account: account,
            word: VoteWord(phase: phase, proposal: 0, value: UInt32(voteCount)).raw
                | UInt64(Operation.ballot.rawValue))
    }

    /// nil for a journal written by something that this version does not know.
    public var operation: Operation? { Operation(rawValue: UInt8(truncatingIfNeeded: word & 0xF)) }

    /// How many places of 24 bytes the command takes: of a ballot, also those of its votes.
    @inline(__always)
    package var placeCount: Int {
        word & 0xF == UInt64(Operation.ballot.rawValue) ? 1 + Int(vote.value) : 1
    }

    public var vote: VoteWord { VoteWord(raw: word & ~0xF) }
}

/// The permanent number of a phase: never reused, also after removal; at most 2^20 of them.
public typealias PhaseNumber = UInt32
/// The permanent number of a proposal within its phase: never reused; at most 2^20 of them.
public typealias ProposalNumber = UInt32

/// One vote in 8 bytes: phase (bits 44–63), proposal (24–43), value (4–23), 4 bits free.
///
/// As integers, an account's votes sort by phase, then by proposal.
public struct VoteWord: Equatable, Sendable, BitwiseCopyable {
    /// Bits each of the three fields has.
    public static let fieldBits: UInt64 = 20
    /// One more than the largest phase number, proposal number or value.
    public static let fieldLimit: UInt32 = 1 << 20

    public let raw: UInt64

    @inlinable
    public init(raw: UInt64) {
        self.raw = raw
    }

    @inlinable
    public init(phase: PhaseNumber, proposal: ProposalNumber, value: UInt32) {
        precondition(
            (phase | proposal | value) < Self.fieldLimit, "a field of a vote exceeds 20 bits")
        raw = UInt64(phase) << 44 | UInt64(proposal) << 24 | UInt64(value) << 4
    }

    @inlinable public var phase: PhaseNumber { UInt32(truncatingIfNeeded: raw >> 44) }
    @inlinable public var proposal: ProposalNumber {
        UInt32(truncatingIfNeeded: raw >> 24) & (Self.fieldLimit - 1)
    }
    @inlinable public var value: UInt32 {
        UInt32(truncatingIfNeeded: raw >> 4) & (Self.fieldLimit - 1)
    }
    /// Phase and proposal alone: what an account's votes are kept and found by.
    @inlinable public var place: UInt64 { raw >> 24 }
}
