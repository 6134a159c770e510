/// What one vote carries, and what one account's votes in a phase must satisfy together.
public struct BallotRule: Equatable, Sendable {
    /// The most choices one ballot may offer.
    public static let maximumChoices = 256

    public var kind: BallotKind
    /// The options of a `choice` ballot, in the client's order; empty for every other kind.
    public var choices: [Identifier]

    public init(kind: BallotKind, choices: [Identifier] = []) {
        self.kind = kind
        self.choices = choices
    }
}

/// The raw values stand in the journal: they are never renumbered. The kinds `budget`, `ranking`
/// and `points` of the contract will be 2, 3 and 4.
public enum BallotKind: UInt8, Equatable, Sendable, BitwiseCopyable {
    /// A vote carries nothing; counted as `support`.
    case support = 0
    /// A vote carries one of the phase's choices; counted a choice.
    case choice = 1
}
