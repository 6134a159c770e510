/// One command on one account, 24 bytes, the same in memory and in the journal (little-endian).
///
/// - bytes 0–15: the account's key
/// - bytes 16–23: the `VoteWord` below, whose lowest 4 bits hold the operation.
public struct Command: Sendable, BitwiseCopyable {
    /// Bytes a command takes in the journal.
    public static let size = 24

    public var account: AccountKey
    public var word: UInt64

    package init(account: AccountKey, word: UInt64) {
        self.account = account
        self.word = word
    }

    public enum Operation: UInt8, Sendable {
        /// Set the account's vote on one proposal.
        case cast = 1
        /// Remove the account's vote on one proposal.
        case withdraw = 2
        /// Delete the account: retract in open phases, freeze in closed ones, refuse ever after.
        case deleteAccount = 3
    }

    /// - Parameters:
    ///   - value: what the vote carries: a choice's permanent number, or 0 where the kind carries
    ///     nothing.
    public static func cast(
        _ account: AccountKey, phase: PhaseNumber, proposal: ProposalNumber, value: UInt32
    ) -> Command {
        Command(
            account: account,
            word: VoteWord(phase: phase, proposal: proposal, value: value).raw
                | UInt64(Operation.cast.rawValue))
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

    /// nil for a journal written by something that this version does not know.
    public var operation: Operation? { Operation(rawValue: UInt8(truncatingIfNeeded: word & 0xF)) }

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
