/// What deletions left behind in closed phases: sums without owners.
package struct FrozenSums: Sendable, Equatable {
    package struct Phase: Sendable, Equatable {
        package var optionCount: Int
        /// By proposal × option.
        package var counts: [Int64] = []
        package var voters: Int64 = 0
    }

    /// By phase number; nil where nothing was frozen.
    package private(set) var phases: [Phase?] = []

    mutating func add(
        _ count: Int64, phase: PhaseNumber, proposal: ProposalNumber, option: Int,
        of optionCount: Int
    ) {
        prepare(phase, optionCount: optionCount)
        let cell = Int(proposal) * optionCount + option
        let missing = cell + 1 - phases[Int(phase)]!.counts.count
        if missing > 0 {
            phases[Int(phase)]!.counts.append(contentsOf: repeatElement(0, count: missing))
        }
        phases[Int(phase)]!.counts[cell] += count
    }

    mutating func add(_ contribution: Contribution, of vote: VoteWord) {
        let optionCount = contribution.optionCount
        add(
            1, phase: vote.phase, proposal: vote.proposal, option: contribution.option,
            of: optionCount)
        if contribution.points != 0 {
            add(
                contribution.points, phase: vote.phase, proposal: vote.proposal,
                option: contribution.option + 1, of: optionCount)
        }
    }

    /// Leaves out a phase that was removed.
    mutating func forget(_ phase: PhaseNumber) {
        if phase < phases.count { phases[Int(phase)] = nil }
    }

    mutating func addVoters(_ count: Int64, phase: PhaseNumber, of optionCount: Int) {
        prepare(phase, optionCount: optionCount)
        phases[Int(phase)]!.voters += count
    }

    private mutating func prepare(_ phase: PhaseNumber, optionCount: Int) {
        while phase >= phases.count { phases.append(nil) }
        if phases[Int(phase)] == nil { phases[Int(phase)] = Phase(optionCount: optionCount) }
    }
}
