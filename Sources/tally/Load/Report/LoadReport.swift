import Foundation

/// The outcome of a run: as a page for people, as one line of JSON for programs.
package struct LoadReport: Encodable, Sendable {
    package struct Traffic: Encodable, Sendable {
        package var acknowledged: Int
        package var seconds: Double
        package var perSecond: Double
        package var bytesPerSecond: Double
        package var latencyNanoseconds: LatencySummary
        package var refused: [String: Int]
    }

    package struct Reads: Encodable, Sendable {
        package var answered: Int
        package var perSecond: Double
        package var failed: Int
        package var latencyNanoseconds: LatencySummary
    }

    package struct Check: Encodable, Sendable {
        package var compared: Int
        package var differences: Int
        /// What the server's numbers are compared with.
        package var reference: String
    }

    package var server: String
    package var consultation: String
    package var seed: UInt64
    package var workload: String
    package var firstVotes: Int
    /// Whole ballots; nil: the votes were cast one by one.
    package var ballots: Int?
    package var changed: Int
    package var withdrawn: Int
    package var accounts: Int
    package var voters: Int
    package var deleted: Int
    package var retracted: Int
    package var votes: Traffic
    package var deletions: Traffic?
    package var reads: Reads?
    package var check: Check
    /// What there is to know about the reference.
    package var notes: [String] = []

    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// - Parameter differences: the lines of a check that is not exact.
    package func text(_ differences: [TallyCheck.Difference]) -> String {
        var lines = [
            "\(consultation) on \(server): \(workload)", "",
            row("votes", castText),
            row(
                "throughput",
                """
                \(Figures.decimal(votes.perSecond, 0)) \(ballots == nil ? "votes" : "ballots")/s, \
                \(Figures.decimal(votes.bytesPerSecond / 1e6, 1)) MB/s, \
                all acknowledged in \(Figures.decimal(votes.seconds, 2)) s
                """),
            row("latency", votes.latencyNanoseconds.text),
        ]
        if let deletions {
            lines.append(
                row(
                    "deletions",
                    """
                    \(Figures.grouped(deleted)) accounts deleted, \
                    \(Figures.grouped(retracted)) votes retracted
                    """))
            lines.append(row("", deletions.latencyNanoseconds.text))
        }
        if let reads {
            let failed = reads.failed == 0 ? "" : ", \(Figures.grouped(reads.failed)) FAILED"
            lines.append(
                row(
                    "reads",
                    """
                    \(Figures.grouped(reads.answered)) tallies meanwhile, \
                    \(Figures.decimal(reads.perSecond, 0))/s\(failed)
                    """))
            lines.append(row("", reads.latencyNanoseconds.text))
        }
        lines.append(row("refused", refusedText))
        lines.append(row("check", checkText))
        lines += Self.list(differences)
        lines += notes.map { row("note", $0) }
        return lines.joined(separator: "\n")
    }

    /// At most this many differences are listed.
    private static let listed = 20

    private static func list(_ differences: [TallyCheck.Difference]) -> [String] {
        var lines = differences.prefix(listed).map { difference in
            let found = difference.found.map(Figures.grouped) ?? "nothing"
            return
                "    \(difference.what): \(Figures.grouped(difference.expected)) expected, \(found) found"
        }
        if differences.count > listed {
            lines.append("    and \(Figures.grouped(differences.count - listed)) more")
        }
        return lines
    }

    private func row(_ name: String, _ text: String) -> String {
        "  \(Figures.left(name, 12))\(text)"
    }

    private var castText: String {
        var text = "\(Figures.grouped(firstVotes)) cast by \(Figures.grouped(accounts)) accounts"
        if changed > 0 {
            text += ", \(Figures.grouped(changed)) \(ballots == nil ? "" : "ballots ")changed"
        }
        if withdrawn > 0 { text += ", \(Figures.grouped(withdrawn)) withdrawn" }
        return text
    }

    private var refusedText: String {
        var all = votes.refused
        if let deletions { all.merge(deletions.refused, uniquingKeysWith: +) }
        if all.isEmpty { return "none" }
        return all.sorted { $0.value > $1.value }
            .map { "\(Figures.grouped($0.value)) \($0.key)" }.joined(separator: ", ")
    }

    private var checkText: String {
        check.differences == 0
            ? "exact: \(Figures.grouped(check.compared)) numbers equal \(check.reference)"
            : """
            WRONG: \(Figures.grouped(check.differences)) of \(Figures.grouped(check.compared)) \
            numbers differ from \(check.reference)
            """
    }
}
