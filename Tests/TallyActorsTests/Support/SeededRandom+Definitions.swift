import TallyActors

// Names and rules for random definitions.

extension SeededRandom {
    static let consultations: [Identifier] = ["c", "L5/04 \"VII\"", "\\\u{1f600}"]
    /// Few, so that they are used again after a removal.
    static let phaseNames: [Identifier] = ["ph", "\u{e9}", "e\u{301}", "\u{fb33}"]
    /// RFC 8785 sorts them by UTF-16, identifiers are sorted by UTF-8: the last two tell.
    private static let choices: [Identifier] = ["no", "\"yes\"", "\u{fb33}", "\u{1f600}"]

    /// - Parameter number: makes the name another one than every other.
    mutating func name(_ number: Int) -> Identifier {
        let start = ["n", "n", "\u{fb33}", "\u{1f600}", "\\", "/"][int(0..<6)]
        return Identifier(validated: "\(start)\(number)".utf8)
    }

    mutating func cost() -> UInt64 {
        oneIn(12) ? BallotRule.maximumAmount : UInt64(int(0..<9))
    }

    private mutating func limit(_ range: Range<Int>) -> UInt32? {
        oneIn(2) ? UInt32(int(range)) : nil
    }

    mutating func rule() -> BallotRule {
        switch BallotKind.allCases.randomElement(using: &self)! {
        case .support, .choice:
            let isChoice = oneIn(2)
            let choices = Self.choices.shuffled(using: &self).prefix(int(1..<5))
            let maximum = limit(1..<5)
            let minimum = oneIn(3) ? limit(0..<4) : UInt32(int(2..<4))
            return BallotRule(
                kind: isChoice ? .choice : .support, choices: isChoice ? Array(choices) : []
            ).limited(minimum: minimum.map { min($0, maximum ?? $0) }, maximum: maximum)
        case .budget:
            return .budget(oneIn(6) ? BallotRule.maximumAmount : UInt64(int(0..<25)))
        case .ranking: return .ranking(UInt32(int(1..<6)))
        case .points:
            return .points(votes: limit(1..<5), sum: limit(1..<16), each: limit(1..<6))
        }
    }
}
