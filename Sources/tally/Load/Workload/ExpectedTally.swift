/// What the tally must be, by the generator's own count.
package struct ExpectedTally: Equatable, Sendable {
    /// Figures of a proposal.
    package let figures: Int
    /// Figure `f` of proposal `p` at `p * figures + f`.
    package var counts: [Int]
    /// Accounts with at least one vote that counts.
    package var voters = 0
    private let weight: VoteWeight

    package init(proposals: Int, kind: BallotKind) {
        figures = kind.figures.count
        weight = kind.weight
        counts = Array(repeating: 0, count: proposals * figures)
    }

    package subscript(proposal: Int, figure: Int) -> Int {
        get { counts[proposal * figures + figure] }
        set { counts[proposal * figures + figure] = newValue }
    }

    /// Counts a vote.
    @inline(__always)
    package mutating func addVote(_ option: Int, on proposal: Int) {
        switch weight {
        case .one:
            self[proposal, option] += 1
        case .points(let first, let step):
            self[proposal, 0] += 1
            self[proposal, 1] += first + step * option
        }
    }

    /// Counts a whole ballot, and its account as a voter if there is a vote on it.
    package mutating func addBallot(_ ballot: [BallotBook.Entry]) {
        for entry in ballot { addVote(entry.option, on: entry.proposal) }
        if !ballot.isEmpty { voters += 1 }
    }

    package mutating func add(_ other: ExpectedTally) {
        precondition(counts.count == other.counts.count, "tallies of two consultations")
        for index in counts.indices { counts[index] += other.counts[index] }
        voters += other.voters
    }
}
