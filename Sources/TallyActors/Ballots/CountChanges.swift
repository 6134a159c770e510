/// What one record, or a part of it, changes in the counts.
package struct CountChanges: Sendable {
    /// Each cell at most once, in the order in which it was first touched.
    package var cells: [CellChange] = []
    /// Each phase at most once: how many more accounts have votes that count in it.
    package var voters: [VotersChange] = []

    package struct CellChange: Sendable, BitwiseCopyable, Equatable {
        package var phase: PhaseNumber
        package var proposal: ProposalNumber
        package var option: UInt32
        package var delta: Int64

        package init(
            phase: PhaseNumber, proposal: ProposalNumber, option: UInt32, delta: Int64
        ) {
            self.phase = phase
            self.proposal = proposal
            self.option = option
            self.delta = delta
        }
    }

    package struct VotersChange: Sendable, BitwiseCopyable, Equatable {
        package var phase: PhaseNumber
        package var delta: Int64

        package init(phase: PhaseNumber, delta: Int64) {
            self.phase = phase
            self.delta = delta
        }
    }

    package init() {}

    package var isEmpty: Bool { cells.isEmpty && voters.isEmpty }
}
