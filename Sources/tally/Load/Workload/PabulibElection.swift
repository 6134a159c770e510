/// A real participatory-budget election of the Pabulib collection (pabulib.org), every ballot of it: sections
/// META, PROJECTS and VOTES, each with a line of column names.
package struct PabulibElection: Equatable, Sendable {
    package struct Project: Equatable, Sendable {
        package var id: String
        package var name: String?
        package var cost: Int?
        /// The official results; nil: the file does not tell.
        package var votes: Int?
        package var score: Int?
    }

    /// A project as a ballot names it.
    package struct Mention: Equatable, Sendable {
        package var project: Int
        /// Its place on the ballot, from 1, best first where the order matters.
        package var place: Int
        /// Nil: the file does not tell.
        package var points: Int?

        package init(project: Int, place: Int, points: Int? = nil) {
            self.project = project
            self.place = place
            self.points = points
        }
    }

    package private(set) var meta: [String: String] = [:]
    package private(set) var projects: [Project] = []
    package private(set) var ballots: [[Mention]] = []
    /// Projects named on a ballot that the file does not list; they are left out.
    package private(set) var unknownMentions = 0

    package var title: String {
        meta["description"]
            ?? [meta["unit"], meta["instance"]].compactMap(\.self).joined(separator: " ")
    }

    package var budget: Int? { meta["budget"].flatMap(Self.number) }

    /// A limit of the rules; nil: there is none.
    package func limit(_ key: String) -> Int? {
        meta[key].flatMap(Self.number).flatMap { $0 > 0 ? $0 : nil }
    }

    /// - Throws: `PabulibFault`.
    package init(_ bytes: [UInt8]) throws(PabulibFault) {
        var section: String?
        var columns: [String]?
        var numbers: [String: Int] = [:]
        var records = PabulibRecords(bytes)
        while let fields = records.next() {
            if fields.allSatisfy(\.isEmpty) { continue }
            if let title = Self.title(of: fields) {
                section = title
                columns = nil
                continue
            }
            guard let names = columns else {
                columns = fields.map { $0.lowercased() }
                continue
            }
            let record = PabulibRecord(columns: names, fields: fields, line: records.line)
            switch section {
            case "META": meta[fields[0]] = fields.dropFirst().joined(separator: ";")
            case "PROJECTS": try addProject(record, &numbers)
            case "VOTES": try addBallot(record, numbers)
            default: throw .malformed(line: records.line, "no section META before it")
            }
        }
        guard !projects.isEmpty, !ballots.isEmpty else {
            throw .malformed(line: records.line, "the file ends without projects or without votes")
        }
    }

    private static func title(of fields: [String]) -> String? {
        let title = fields[0].uppercased()
        return ["META", "PROJECTS", "VOTES"].contains(title)
            && fields.dropFirst().allSatisfy(\.isEmpty) ? title : nil
    }

    /// An integer, also when it is written with a fraction of zeros.
    static func number(_ text: some StringProtocol) -> Int? {
        Int(text) ?? Double(text).flatMap { Int(exactly: $0) }
    }

    private mutating func addProject(
        _ record: PabulibRecord, _ numbers: inout [String: Int]
    ) throws(PabulibFault) {
        guard let id = record["project_id"], !id.isEmpty else {
            throw .malformed(line: record.line, "a project without project_id")
        }
        guard numbers.updateValue(projects.count, forKey: id) == nil else {
            throw .malformed(line: record.line, "the project \(id) is there twice")
        }
        projects.append(
            Project(
                id: id, name: record["name"], cost: record["cost"].flatMap(Self.number),
                votes: record["votes"].flatMap(Self.number),
                score: record["score"].flatMap(Self.number)))
    }

    private mutating func addBallot(
        _ record: PabulibRecord, _ numbers: [String: Int]
    ) throws(PabulibFault) {
        guard record.has("vote") else {
            throw .malformed(line: record.line, "a ballot without vote")
        }
        let ids = Self.list(record["vote"] ?? "")
        let points = Self.list(record["points"] ?? "")
        var ballot: [Mention] = []
        for (index, id) in ids.enumerated() {
            guard let project = numbers[id] else {
                unknownMentions += 1
                continue
            }
            ballot.append(
                Mention(
                    project: project, place: index + 1,
                    points: points.count == ids.count ? Self.number(points[index]) : nil))
        }
        ballots.append(ballot)
    }

    private static func list(_ field: String) -> [String] {
        field.split(separator: ",").compactMap { entry in
            let trimmed = entry.drop { $0 == " " }
            let end = trimmed.lastIndex { $0 != " " }
            return end.map { String(trimmed[...$0]) }
        }
    }
}
