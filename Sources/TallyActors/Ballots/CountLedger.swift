/// Sums up what the votes of one record change, so that the tally row is told once a cell and not
/// once a vote.
package struct CountLedger: Sendable {
    private struct Plane: Sendable {
        var optionCount: Int
        /// By proposal × option: the change since the last `take`.
        var deltas: ContiguousArray<Int64> = []
        /// Cells whose change left 0, some of them more than once.
        var touched: ContiguousArray<UInt32> = []
        var voters: Int64 = 0

        @inline(__always)
        mutating func add(_ delta: Int64, cell: Int) {
            if cell >= deltas.count {
                deltas.append(contentsOf: repeatElement(0, count: cell + 1 - deltas.count))
            }
            if deltas[cell] == 0 { touched.append(UInt32(cell)) }
            deltas[cell] += delta
        }

        mutating func take(_ body: (UInt32, Int64) -> Void) {
            for cell in touched {
                body(cell, deltas[Int(cell)])
                deltas[Int(cell)] = 0
            }
            touched.removeAll(keepingCapacity: true)
        }
    }

    /// By phase number; only phases that had a change.
    private var planes: ContiguousArray<Plane?> = []
    private var touchedPhases: ContiguousArray<PhaseNumber> = []

    package init() {}

    @inline(__always)
    package mutating func add(
        _ delta: Int64, phase: PhaseNumber, proposal: ProposalNumber, option: Int,
        of optionCount: Int
    ) {
        prepare(phase, optionCount: optionCount)
        let cell = Int(proposal) * optionCount + option
        planes[Int(phase)]!.add(delta, cell: cell)
    }

    /// Adds what a vote contributes, or with `sign` -1 takes it away.
    @inline(__always)
    mutating func add(_ contribution: Contribution, of vote: VoteWord, sign: Int64) {
        let optionCount = contribution.optionCount
        prepare(vote.phase, optionCount: optionCount)
        let cell = Int(vote.proposal) * optionCount + contribution.option
        planes[Int(vote.phase)]!.add(sign, cell: cell)
        if contribution.points != 0 {
            planes[Int(vote.phase)]!.add(sign * contribution.points, cell: cell + 1)
        }
    }

    @inline(__always)
    package mutating func addVoter(_ delta: Int64, phase: PhaseNumber, of optionCount: Int) {
        prepare(phase, optionCount: optionCount)
        planes[Int(phase)]!.voters += delta
    }

    /// What was summed up, and starts again from nothing. The second result is every proposal that
    /// was touched, also when its changes cancel out.
    package mutating func take(touched: (PhaseNumber, ProposalNumber) -> Void) -> CountChanges {
        var changes = CountChanges()
        for phase in touchedPhases {
            let optionCount = planes[Int(phase)]!.optionCount
            planes[Int(phase)]!.take { cell, delta in
                let proposal = cell / UInt32(optionCount)
                touched(phase, proposal)
                guard delta != 0 else { return }
                changes.cells.append(
                    CountChanges.CellChange(
                        phase: phase, proposal: proposal, option: cell % UInt32(optionCount),
                        delta: delta))
            }
            let voters = planes[Int(phase)]!.voters
            planes[Int(phase)]!.voters = 0
            if voters != 0 {
                changes.voters.append(CountChanges.VotersChange(phase: phase, delta: voters))
            }
        }
        touchedPhases.removeAll(keepingCapacity: true)
        return changes
    }

    /// Frees the memory of a phase in which nothing can change any more, or whose options did.
    package mutating func forget(_ phase: PhaseNumber) {
        precondition(touchedPhases.isEmpty, "a phase is forgotten in the middle of a record")
        if phase < planes.count { planes[Int(phase)] = nil }
    }

    @inline(__always)
    private mutating func prepare(_ phase: PhaseNumber, optionCount: Int) {
        // Votes come in runs of one phase.
        if touchedPhases.last == phase { return }
        prepareSlowly(phase, optionCount: optionCount)
    }

    @inline(never)
    private mutating func prepareSlowly(_ phase: PhaseNumber, optionCount: Int) {
        while phase >= planes.count { planes.append(nil) }
        if planes[Int(phase)] == nil { planes[Int(phase)] = Plane(optionCount: optionCount) }
        // A phase may stand here twice: the second `take` of it finds nothing.
        touchedPhases.append(phase)
    }
}
