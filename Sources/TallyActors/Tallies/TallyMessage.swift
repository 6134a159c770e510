/// What a tally shard is told.
package enum TallyMessage: Sendable {
    case fold([CountChanges], first: UInt64, last: UInt64)
    case adopt(Catalogue, sequence: UInt64)
    case cut(CutRequest)
}

extension TallyMachine {
    /// What a tally shard does with its messages, one after the other.
    package mutating func handle(_ message: TallyMessage) {
        switch message {
        case .fold(let parts, let first, let last): fold(parts, first: first, last: last)
        case .adopt(let catalogue, let sequence): adopt(catalogue, sequence: sequence)
        case .cut(let request): request.contribute(cut())
        }
    }
}
