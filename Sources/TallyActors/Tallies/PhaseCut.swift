/// The counts of one phase in a cut.
public struct PhaseCut: Sendable {
    /// Distinct accounts whose votes count in the phase.
    public internal(set) var voters: Int64 = 0
    /// The position of the record that last changed a count or the voters; 0 for never.
    public internal(set) var changedAt: UInt64 = 0
    let optionCount: Int
    /// By proposal number / 64; nil where no proposal ever had a vote.
    var blocks: [TallyBlock?] = []

    init(optionCount: Int) {
        self.optionCount = optionCount
    }

    /// A number that depends on the counts and voters alone: the same again when they are.
    public var fingerprint: UInt64 {
        var sum = UInt64(bitPattern: voters) &* 0x9e37_79b9_7f4a_7c15
        for block in blocks { sum &+= block?.fingerprint ?? 0 }
        return sum
    }

    public func counts(of proposal: ProposalNumber) -> ProposalCounts {
        let index = Int(proposal >> TallyBlock.proposalBits)
        let block = index < blocks.count ? blocks[index] : nil
        return ProposalCounts(
            block: block, local: Int(proposal) & (TallyBlock.proposalCount - 1),
            optionCount: optionCount)
    }
}

/// The counts of one proposal in a cut: one an option, zeros included.
public struct ProposalCounts: Sendable {
    let block: TallyBlock?
    let local: Int
    public let optionCount: Int

    /// The position of the record that last changed a count of the proposal; 0 for never.
    public var changedAt: UInt64 { block?.changedAt[local] ?? 0 }

    public subscript(option: Int) -> Int64 {
        precondition(option < optionCount, "an option that the phase does not have")
        return block?.counts[local * optionCount + option] ?? 0
    }
}
