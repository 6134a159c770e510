/// What the tally must be, by the generator's own count.
package struct ExpectedTally: Equatable, Sendable {
    package let options: Int
    /// Count of option `o` of proposal `p` at `p * options + o`.
    package var counts: [Int]
    /// Accounts with at least one vote that counts.
    package var voters = 0

    package init(proposals: Int, options: Int) {
        self.options = options
        counts = Array(repeating: 0, count: proposals * options)
    }

    package subscript(proposal: Int, option: Int) -> Int {
        get { counts[proposal * options + option] }
        set { counts[proposal * options + option] = newValue }
    }

    package var votes: Int { counts.reduce(0, +) }

    package mutating func add(_ other: ExpectedTally) {
        precondition(counts.count == other.counts.count, "tallies of two consultations")
        for index in counts.indices { counts[index] += other.counts[index] }
        voters += other.voters
    }
}
