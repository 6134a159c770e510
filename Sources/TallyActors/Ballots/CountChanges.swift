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
        package var delta: Int32
    }

    package struct VotersChange: Sendable, BitwiseCopyable, Equatable {
        package var phase: PhaseNumber
        package var delta: Int32
    }

    package var isEmpty: Bool { cells.isEmpty && voters.isEmpty }
}
