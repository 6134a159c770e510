/// A real participatory-budget election of the Pabulib collection (pabulib.org), every ballot of it: sections
/// META, PROJECTS and VOTES, each with a line of column names.
package struct PabulibElection: Equatable, Sendable {
    package struct Project: Equatable, Sendable {
        package var id: String
        package var name: String?
        /// The official result; nil: the file does not tell.
        package var votes: Int?
    }

    package private(set) var meta: [String: String] = [:]
    package private(set) var projects: [Project] = []
    /// By ballot, the projects that it names, each once.
    package private(set) var ballots: [[Int]] = []

    package var voteType: String { meta["vote_type"] ?? "" }
    /// The most projects on a ballot; nil: any number.
    package var maxLength: Int? { meta["max_length"].flatMap { Int($0) } }
    package var title: String {
        meta["description"]
            ?? [meta["unit"], meta["instance"]].compactMap(\.self).joined(separator: " ")
    }

    /// - Throws: `PabulibFault`.
    package init(_ bytes: [UInt8]) throws(PabulibFault) {
        var section = ""
        var columns: [String: Int]?
        var numbers: [String: Int] = [:]
        var records = PabulibRecords(bytes)
        while let fields = records.next() {
            let first = fields[0]
            if fields.count == 1, ["META", "PROJECTS", "VOTES"].contains(first) {
                section = first
                columns = nil
            } else if fields == [""] {
                continue
            } else if columns == nil {
                columns = Dictionary(
                    fields.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
            } else if let columns {
                let record = Record(fields: fields, columns: columns, line: records.line)
                switch section {
                case "META": meta[first] = fields.dropFirst().joined(separator: ";")
                case "PROJECTS": try addProject(record, &numbers)
                case "VOTES": ballots.append(try Self.ballot(record, numbers))
                default: throw .malformed(line: records.line, "no section META before it")
                }
            }
        }
        guard !projects.isEmpty, !ballots.isEmpty else {
            throw .malformed(line: records.line, "the file ends without projects or without votes")
        }
    }

    /// Throws when the rules of the election are more than one account, any projects or a single one.
    package func checkSupported() throws(PabulibFault) {
        guard voteType == "approval" else {
            throw .unsupported(
                """
                this election's ballots are of the type \(voteType.isEmpty ? "(none)" : voteType); \
                only approval elections are replayed so far
                """)
        }
        if let maxLength, maxLength != 1 {
            throw .unsupported(
                """
                this election allows \(maxLength) projects on a ballot; only approval elections \
                with a max_length of 1 or none are replayed so far
                """)
        }
    }

    /// The file tells the official result of every project.
    package var isOfficial: Bool { projects.allSatisfy { $0.votes != nil } }

    /// What the tally must be: the official results, or where the file has none the count of its ballots.
    package var expected: ExpectedTally {
        var expected = ExpectedTally(proposals: projects.count, options: 1)
        for ballot in ballots {
            if !ballot.isEmpty { expected.voters += 1 }
            for project in ballot { expected[project, 0] += 1 }
        }
        for (index, project) in projects.enumerated() {
            if let votes = project.votes { expected[index, 0] = votes }
        }
        return expected
    }

    private struct Record {
        var fields: [String]
        var columns: [String: Int]
        var line: Int

        subscript(column: String) -> String? {
            guard let index = columns[column], index < fields.count else { return nil }
            return fields[index]
        }
    }

    private mutating func addProject(
        _ record: Record, _ numbers: inout [String: Int]
    ) throws(PabulibFault) {
        guard let id = record["project_id"], !id.isEmpty else {
            throw .malformed(line: record.line, "a project without project_id")
        }
        guard numbers.updateValue(projects.count, forKey: id) == nil else {
            throw .malformed(line: record.line, "the project \(id) is there twice")
        }
        projects.append(
            Project(id: id, name: record["name"], votes: record["votes"].flatMap { Int($0) }))
    }

    private static func ballot(
        _ record: Record, _ numbers: [String: Int]
    ) throws(PabulibFault) -> [Int] {
        guard let vote = record["vote"] else {
            throw .malformed(line: record.line, "a ballot without vote")
        }
        var ballot: [Int] = []
        for id in vote.split(separator: ",") {
            let trimmed = id.drop { $0 == " " }
            guard let number = numbers[String(trimmed)] else {
                throw .malformed(line: record.line, "a vote for the unknown project \(trimmed)")
            }
            if !ballot.contains(number) { ballot.append(number) }
        }
        return ballot
    }
}
