import Gateway
package import Persistence
package import TallyActors

/// What `tally inspect` prints: lines of at most 80 columns, but for long names.
package enum InspectionText {
    package static func directory(
        _ report: InspectionReport, data: String, _ terminal: Terminal
    ) -> String {
        var lines = [terminal.styled(data, .bold)]
        lines.append("  position      \(number(report.lastSequence))")
        if let timestamp = report.lastTimestamp {
            lines.append("  last command  \(time(timestamp))")
        }
        lines.append("  durable mark  \(number(report.durableMark))")
        lines.append("  key           \(report.fingerprint) (its fingerprint)")
        lines.append("  rules         version \(report.rulesVersion)")
        lines += section("Snapshots", terminal, report.snapshots.isEmpty) {
            var columns = Columns(
                ("of sequence", .right), ("time", .left), ("size", .right), ("bytes", .right))
            for snapshot in report.snapshots {
                columns.add(
                    number(snapshot.sequence), snapshot.timestamp.map(time) ?? "unreadable",
                    ByteCount.short(snapshot.bytes), bytes(snapshot.bytes))
            }
            return columns.lines(terminal)
        }
        lines += section("Journal segments", terminal, report.segments.isEmpty) {
            segments(report.segments, terminal)
        }
        lines += section("Other files", terminal, report.others.isEmpty) {
            var columns = Columns(
                ("name", .left), ("size", .right), ("bytes", .right), ("what it is", .left))
            for other in report.others {
                columns.add(
                    other.name, ByteCount.short(other.size), bytes(other.size),
                    meaning(of: other.name))
            }
            return columns.lines(terminal)
        }
        lines += notes(report).flatMap { Paragraph.lines($0, indent: 0) }
        return lines.joined(separator: "\n")
    }

    package static func record(
        _ record: InspectedRecord, _ words: RecordWords, sequence: UInt64
    ) -> String {
        let fields = record.fields
        let range =
            fields.count == 1
            ? number(fields.firstSequence)
            : "\(number(fields.firstSequence)) to \(number(fields.lastSequence))"
        var lines = ["Command \(number(sequence))"]
        lines += words.command.flatMap { line in
            Paragraph.lines(line, indent: line.hasPrefix("  ") ? 4 : 2)
        }
        lines += [
            "", "stands in the record of \(range)",
            "  holds   \(words.content)",
            "  time    \(time(fields.timestamp))",
            "  file    \(record.file)",
            "  offset  \(Figures.grouped(Int(record.offset)))",
            "  size    \(ByteCount.exact(Int64(record.bytes)))",
            "  digest  \(record.digest)",
        ]
        return lines.joined(separator: "\n")
    }

    private static func section(
        _ title: String, _ terminal: Terminal, _ isEmpty: Bool, _ rows: () -> [String]
    ) -> [String] {
        ["", terminal.styled(title, .bold)] + (isEmpty ? ["  none"] : rows())
    }

    private static func segments(
        _ segments: [InspectionReport.Segment], _ terminal: Terminal
    ) -> [String] {
        var columns = Columns(
            ("from", .right), ("to", .right), ("records", .right), ("used", .right),
            ("bytes", .right), ("of", .right))
        for segment in segments {
            let isEmpty = segment.lastSequence < segment.firstSequence
            columns.add(
                number(segment.firstSequence), isEmpty ? "–" : number(segment.lastSequence),
                Figures.grouped(segment.records), ByteCount.short(segment.usedBytes),
                bytes(segment.usedBytes), ByteCount.short(segment.bytes))
        }
        return columns.lines(terminal)
    }

    /// What is to be said below the tables.
    private static func notes(_ report: InspectionReport) -> [String] {
        let unfinished = report.segments.compactMap { segment in
            if case .unfinished(let tail) = segment.note {
                """
                '\(tail.file)' ends at byte \(Figures.grouped(Int(tail.offset))) with a record that \
                is not whole: its write was cut short, and never acknowledged. A start cuts it off.
                """
            } else {
                nil
            }
        }
        let texts = report.damages.map { "DAMAGE: \($0)." } + unfinished
        return texts.flatMap { ["", $0] }
    }

    private static func meaning(of name: String) -> String {
        switch name {
        case "durable-mark": "how far the journal must reach at least"
        case "key": "the secret key of the accounts' hashes"
        case "lock": "locked while a server has the directory"
        case "reserve": "room kept for a full disk"
        case "spare": "the next segment, preallocated"
        case "tokens.json": "hashes of API tokens"
        case "tokens.lock": "locked while tokens are written"
        case "tokens.part": "unfinished tokens"
        case "audit.log": "what was done by whom"
        case _ where name.hasSuffix(".tmp"): "unfinished"
        case _ where name.hasSuffix(".tail"): "a torn tail, kept"
        case _ where name.hasSuffix(".bad"): "a bad snapshot, kept"
        default: "not Tally's"
        }
    }

    private static func number(_ sequence: UInt64) -> String { Figures.grouped(Int(sequence)) }

    private static func bytes(_ count: Int64) -> String { Figures.grouped(Int(count)) }

    private static func time(_ milliseconds: Int64) -> String {
        RFC3339.string(of: Instant(milliseconds: milliseconds))
    }
}
