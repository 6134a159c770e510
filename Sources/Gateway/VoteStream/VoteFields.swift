/// What a line of the vote stream says, before the catalogue is asked. The names are identifiers;
/// they point into the line or into a scratch.
struct VoteFields {
    /// Empty on the route of one phase.
    var consultation = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Empty on the route of one phase.
    var phase = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Empty in the line of a whole ballot.
    var proposal = UnsafeRawBufferPointer(start: nil, count: 0)
    var account = UnsafeRawBufferPointer(start: nil, count: 0)
    var carried = CarriedFields()
    var seen: Keys = []
    /// Which of consultation and phase are known to be those of the line before.
    var kept: Keys = []

    /// Bytes of the line's beginning when it names consultation and phase as the line before did
    /// and nothing else; 0 when there is none, or none that is not kept already.
    var beginningLength = 0

    /// The keys that a line, a vote of a ballot, or the body of a single vote had.
    struct Keys: OptionSet {
        var rawValue: UInt16

        static let consultation = Keys(rawValue: 1)
        static let phase = Keys(rawValue: 2)
        static let proposal = Keys(rawValue: 4)
        static let account = Keys(rawValue: 8)
        static let choice = Keys(rawValue: 16)
        static let withdraw = Keys(rawValue: 32)
        static let rank = Keys(rawValue: 64)
        static let points = Keys(rawValue: 128)
        static let votes = Keys(rawValue: 256)

        /// What votes of some kind carry.
        static let content: Keys = [.choice, .rank, .points]
        /// What stands where a vote carries something.
        static let carried: Keys = [.choice, .rank, .points, .withdraw]
    }

    /// Notes that a key came; false when it had come before.
    @inline(__always)
    mutating func note(_ key: Keys) -> Bool { seen.note(key) }
}

extension VoteFields.Keys {
    /// nil for a name that is no key anywhere.
    init?(named name: UnsafeRawBufferPointer) {
        if name.equals("proposal") {
            self = .proposal
        } else if name.equals("choice") {
            self = .choice
        } else if name.equals("rank") {
            self = .rank
        } else if name.equals("points") {
            self = .points
        } else if name.equals("consultation") {
            self = .consultation
        } else if name.equals("phase") {
            self = .phase
        } else if name.equals("account") {
            self = .account
        } else if name.equals("withdraw") {
            self = .withdraw
        } else if name.equals("votes") {
            self = .votes
        } else {
            return nil
        }
    }

    /// Notes that a key came; false when it had come before.
    @inline(__always)
    mutating func note(_ key: VoteFields.Keys) -> Bool {
        guard isDisjoint(with: key) else { return false }
        formUnion(key)
        return true
    }
}
