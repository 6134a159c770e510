import Foundation

/// The findings of a run as Markdown.
struct Report {
    var machine: Machine
    var runs: Int
    var sections: [(title: String, findings: Findings)]
    var seconds: Double

    static let startMarker = "<!-- made by `make bench`: start -->"
    static let endMarker = "<!-- made by `make bench`: end -->"

    var markdown: String {
        var lines = [
            "Measured on \(machine.description). Each figure is the median of \(runs) runs"
                + " unless it says otherwise, with the least and the greatest beside it;"
                + " the whole took \(Int(seconds / 60 + 0.5)) minutes.",
            "",
            "| what | Tally | runs | beside it | runs | ratio | target | |",
            "|---|--:|--:|--:|--:|--:|--:|---|",
        ]
        for (_, findings) in sections { lines += findings.rows.map(Self.line) }
        lines += ["", "How the load was made:"]
        for (title, findings) in sections where !findings.method.isEmpty {
            lines += ["", "**\(title).** " + findings.method.joined(separator: "\n\n")]
        }
        return lines.joined(separator: "\n")
    }

    private static func line(_ row: Row) -> String {
        let peer = row.peer.map { "\($0.figure.text) (\($0.name))" } ?? ""
        let verdict = row.isMet.map { $0 ? "met" : "**missed**" } ?? ""
        let cells = [
            row.name, row.tally.text, row.tally.range, peer, row.peer?.figure.range ?? "",
            row.ratio.map { String(format: "%.2f", $0) } ?? "", row.target?.text ?? "", verdict,
        ]
        return "| " + cells.joined(separator: " | ") + " |"
    }

    /// Puts the report between its markers into the document; what stands around them stays.
    /// - Throws: `Fault` when the document has one of the markers without the other.
    func write(into document: String) throws {
        let made = "\(Self.startMarker)\n\n\(markdown)\n\n\(Self.endMarker)"
        guard let old = try? String(contentsOfFile: document, encoding: .utf8) else {
            try "# Performance\n\n\(made)\n".write(
                toFile: document, atomically: true, encoding: .utf8)
            return
        }
        let parts = old.components(separatedBy: Self.startMarker)
        guard parts.count == 2 else {
            guard parts.count == 1, !old.contains(Self.endMarker) else {
                throw Fault("\(document) has its markers more than once")
            }
            try "\(old)\n\(made)\n".write(toFile: document, atomically: true, encoding: .utf8)
            return
        }
        let rest = parts[1].components(separatedBy: Self.endMarker)
        guard rest.count == 2 else {
            throw Fault("\(document) has a start marker without an end marker")
        }
        try (parts[0] + made + rest[1]).write(
            toFile: document, atomically: true, encoding: .utf8)
    }
}
