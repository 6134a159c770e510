/// The official figures of the French national consultation on the digital republic bill, held from
/// 26 September to 18 October 2015: 696 opinions, each with the people who agreed, were mixed or disagreed.
/// Who they were is not public.
package struct OfficialFigures: Sendable {
    package struct Opinion: Equatable, Sendable {
        package var id: String
        /// Agree, mixed, disagree.
        package var counts: [Int]

        package var votes: Int { counts.reduce(0, +) }
    }

    package static let choices = ["agree", "mixed", "disagree"]

    package let opinions: [Opinion]

    package init() {
        opinions = Self.source.split { $0 == "," || $0.isNewline }.compactMap { entry in
            let fields = entry.split(separator: " ")
            if fields.isEmpty { return nil }
            let counts = fields.dropFirst().compactMap { Int($0) }
            precondition(counts.count == Self.choices.count, "an entry of the figures: \(entry)")
            return Opinion(id: String(fields[0]), counts: counts)
        }
    }

    package var votes: Int { opinions.reduce(0) { $0 + $1.votes } }

    /// The places of the opinions with the most votes, the largest first.
    package func largest(_ number: Int) -> [Int] {
        Array(
            opinions.indices.sorted {
                (opinions[$1].votes, $0) < (opinions[$0].votes, $1)
            }.prefix(number))
    }
}
