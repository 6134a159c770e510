/// The server's tally against the one that it must have.
package struct TallyCheck: Equatable, Sendable {
    package struct Difference: Equatable, Sendable {
        /// `p17 agree`, `p17 points`, or `voters`.
        package var what: String
        package var expected: Int
        /// Nil: the tally has no such count.
        package var found: Int?
    }

    /// How many numbers were compared.
    package private(set) var compared = 0
    package private(set) var differences: [Difference] = []

    package init(_ expected: ExpectedTally, _ ballot: BallotPlan, _ tally: PhaseTally) {
        let found = Dictionary(
            tally.proposals.map { ($0.id, $0.counts) }, uniquingKeysWith: { first, _ in first })
        for (index, proposal) in ballot.proposals.enumerated() {
            for (figure, name) in ballot.kind.figures.enumerated() {
                compare(
                    "\(proposal.id) \(name)", expected[index, figure],
                    found[proposal.id]?[name])
            }
        }
        compare("voters", expected.voters, tally.voters)
        compare("proposals", ballot.proposals.count, tally.proposals.count)
    }

    /// Also compares a number that is not in the tally.
    package mutating func compare(_ what: String, _ expected: Int, _ found: Int?) {
        compared += 1
        if expected != found {
            differences.append(Difference(what: what, expected: expected, found: found))
        }
    }

    package var isExact: Bool { differences.isEmpty }
}
