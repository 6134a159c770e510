/// What a ballot shard must know of a phase to judge a vote: flat, without references to follow.
struct PhaseRules: Sendable {
    var state: PhaseState
    /// Counts that a proposal has.
    var optionCount: Int
    /// By proposal number: whether votes may name it.
    var proposals: ContiguousArray<Bool>
    /// By a vote's value: the option that it counts for, or -1. For kinds whose votes carry
    /// nothing the only value is 0.
    var options: ContiguousArray<Int32>

    init(_ entry: PhaseEntry) {
        state = entry.state
        optionCount = entry.optionCount
        proposals = ContiguousArray(entry.proposalIndices.map { $0 != nil })
        switch entry.kind {
        case .support: options = [0]
        case .choice: options = ContiguousArray(entry.optionOfChoice.map { Int32($0 ?? -1) })
        }
    }
}
