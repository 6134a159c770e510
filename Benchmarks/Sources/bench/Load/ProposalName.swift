/// Identifiers of proposals: all of the same length, so that lines and requests are, too.
enum ProposalName {
    static func text(_ number: Int) -> String {
        let digits = String(number)
        return "p" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
