/// What became of one command at its position, in 8 bytes: a code (bits 0–7) and, for a deletion,
/// how many votes were retracted (bits 8–35) and frozen (bits 36–63).
public struct Outcome: Equatable, Sendable, BitwiseCopyable {
    public let raw: UInt64

    @inlinable
    public init(_ code: Code) {
        raw = UInt64(code.rawValue)
    }

    public init(_ code: Code, retracted: Int, frozen: Int) {
        precondition(retracted < 1 << 28 && frozen < 1 << 28, "an account has 2^28 votes")
        raw = UInt64(code.rawValue) | UInt64(retracted) << 8 | UInt64(frozen) << 36
    }

    @inlinable public var code: Code { Code(rawValue: UInt8(truncatingIfNeeded: raw))! }
    public var retracted: Int { Int(truncatingIfNeeded: (raw >> 8) & (1 << 28 - 1)) }
    public var frozen: Int { Int(truncatingIfNeeded: raw >> 36) }

    public enum Code: UInt8, Sendable, CaseIterable {
        /// There was no vote; now there is one.
        case counted = 0
        /// Another vote stood there before.
        case replaced = 1
        /// The same vote stood there before.
        case unchanged = 2
        case withdrawn = 3
        /// The account is deleted now and was not before.
        case deleted = 4
        /// The account had been deleted before.
        case alreadyDeleted = 5
        /// There was no vote; now there is one, and it will count when the account holds enough.
        case pending = 6
        /// Another vote stood there before, and neither counts before the account holds enough.
        case pendingReplaced = 7

        // Refusals by a rule at the command's position, each with its code of the contract.
        case unknownPhase = 32
        case unknownProposal = 33
        case invalidVote = 34
        case accountDeleted = 35
        case phaseNotOpen = 36
        case phaseClosed = 37
        case noVote = 38
        case limitReached = 39
        case rankTaken = 40
        case overBudget = 41

        /// What logs and metrics call it.
        public var name: String {
            if let refusal { return refusal.rawValue }
            return switch self {
            case .alreadyDeleted: "already-deleted"
            case .pendingReplaced: "pending-replaced"
            default: "\(self)"
            }
        }

        /// The refusal's code of the contract; nil for what was done.
        public var refusal: Refusal? {
            switch self {
            case .counted, .replaced, .unchanged, .withdrawn, .deleted, .alreadyDeleted,
                .pending, .pendingReplaced:
                nil
            case .unknownPhase: .unknownPhase
            case .unknownProposal: .unknownProposal
            case .invalidVote: .invalidVote
            case .accountDeleted: .accountDeleted
            case .phaseNotOpen: .phaseNotOpen
            case .phaseClosed: .phaseClosed
            case .noVote: .noVote
            case .limitReached: .limitReached
            case .rankTaken: .rankTaken
            case .overBudget: .overBudget
            }
        }
    }
}
