/// Which phases and proposals have ever had an accepted vote: they are locked for good.
public struct VoteLocks: Sendable, Equatable {
    /// By phase number: a bit a proposal number. A phase is locked when any bit is set.
    private var phases: [[UInt64]] = []

    public init() {}

    public mutating func lock(phase: PhaseNumber, proposal: ProposalNumber) {
        let phase = Int(phase)
        let word = Int(proposal) >> 6
        if phase >= phases.count {
            phases.append(contentsOf: repeatElement([], count: phase + 1 - phases.count))
        }
        if word >= phases[phase].count {
            let missing = word + 1 - phases[phase].count
            phases[phase].append(contentsOf: repeatElement(0, count: missing))
        }
        phases[phase][word] |= 1 << (UInt64(proposal) & 63)
    }

    public func isLocked(phase: PhaseNumber) -> Bool {
        phase < phases.count && phases[Int(phase)].contains { $0 != 0 }
    }

    public func isLocked(phase: PhaseNumber, proposal: ProposalNumber) -> Bool {
        let word = Int(proposal) >> 6
        guard phase < phases.count, word < phases[Int(phase)].count else { return false }
        return phases[Int(phase)][word] & (1 << (UInt64(proposal) & 63)) != 0
    }

    public mutating func formUnion(_ other: VoteLocks) {
        for (phase, proposal) in other.locked { lock(phase: phase, proposal: proposal) }
    }

    /// Every locked proposal, by phase, then by proposal.
    public var locked: [(phase: PhaseNumber, proposal: ProposalNumber)] {
        var locked: [(phase: PhaseNumber, proposal: ProposalNumber)] = []
        for (phase, words) in phases.enumerated() {
            for (index, word) in words.enumerated() where word != 0 {
                for bit in 0..<64 where word & (1 << UInt64(bit)) != 0 {
                    locked.append((PhaseNumber(phase), ProposalNumber(index * 64 + bit)))
                }
            }
        }
        return locked
    }
}
