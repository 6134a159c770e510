/// Whether all came out as it must, for people.
enum Verdict {
    /// At most this many differences are listed.
    private static let listed = 20

    /// - Parameter exact: what to say when it did.
    static func lines(_ check: TallyCheck, _ exact: String, _ terminal: Terminal) -> [String] {
        if check.isExact { return ["  " + terminal.styled(exact, .green)] }
        let text = "WRONG: \(Figures.grouped(check.differences.count)) numbers differ."
        return ["  " + terminal.styled(text, .red)]
            + check.differences.prefix(listed).map { difference in
                let found = difference.found.map(Figures.grouped) ?? "nothing"
                return
                    "    \(difference.what): \(Figures.grouped(difference.expected)) expected, \(found) found"
            }
    }
}
