/// The participatory budget of Toulouse of 2019, a real election with every ballot: people spread up to seven
/// points over 30 projects, at most three on one. The official result is the number of people for each project.
package enum BudgetElection {
    /// The election as a file of its collection.
    package static var file: String {
        var lines = [head, "VOTES", "voter_id;vote;points"]
        var voter = 0
        for entry in ballots.split(whereSeparator: { $0 == "," || $0.isNewline }) {
            var words = entry.split(separator: " ")
            var count = 1
            if let first = words.first, first.hasSuffix("x"), let several = Int(first.dropLast()) {
                count = several
                words.removeFirst()
            }
            if words.isEmpty { continue }
            let votes = words.map { $0.split(separator: ":") }
            precondition(votes.allSatisfy { $0.count == 2 }, "a ballot of the election: \(entry)")
            let projects = votes.map { $0[0] }.joined(separator: ",")
            let points = votes.map { $0[1] }.joined(separator: ",")
            for _ in 0..<count {
                lines.append("\(voter);\(projects);\(points)")
                voter += 1
            }
        }
        return lines.joined(separator: "\n")
    }

    package static func election() throws(PabulibFault) -> PabulibElection {
        try PabulibElection(Array(file.utf8))
    }
}
