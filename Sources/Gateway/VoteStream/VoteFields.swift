/// What a line of the vote stream says, before the catalogue is asked. The names are identifiers;
/// they point into the line or into a scratch.
struct VoteFields {
    /// Empty on the route of one phase.
    var consultation = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Empty on the route of one phase.
    var phase = UnsafeRawBufferPointer(start: nil, count: 0)
    var proposal = UnsafeRawBufferPointer(start: nil, count: 0)
    var account = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Any string: which ones may be chosen is the phase's to say.
    var choice = UnsafeRawBufferPointer(start: nil, count: 0)
    var seen: Keys = []
    /// Which of consultation and phase are known to be those of the line before.
    var kept: Keys = []

    /// Bytes of the line's beginning when it names consultation and phase as the line before did
    /// and nothing else; 0 when there is none, or none that is not kept already.
    var beginningLength = 0

    /// The keys that a line had.
    struct Keys: OptionSet {
        var rawValue: UInt8

        static let consultation = Keys(rawValue: 1)
        static let phase = Keys(rawValue: 2)
        static let proposal = Keys(rawValue: 4)
        static let account = Keys(rawValue: 8)
        static let choice = Keys(rawValue: 16)
        static let withdraw = Keys(rawValue: 32)
        /// What votes of other kinds carry.
        static let rank = Keys(rawValue: 64)
        static let points = Keys(rawValue: 128)
    }

    /// Notes that a key came; false when it had come before.
    @inline(__always)
    mutating func note(_ key: Keys) -> Bool {
        guard seen.isDisjoint(with: key) else { return false }
        seen.formUnion(key)
        return true
    }
}
