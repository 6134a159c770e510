import Foundation

/// Shows the replay while it runs: on a terminal a picture that is drawn anew, elsewhere a few plain lines.
final class DemoScreen {
    private static let shown = 8
    private static let barWidth = 36
    /// Of the bar that has more text beside it.
    private static let progressWidth = 22

    private let story: DemoStory
    private let terminal = Terminal.output
    private let largest: [Int]
    private let longest: Int
    private var drawnLines = 0
    private var quarters = 0

    init(_ story: DemoStory) {
        self.story = story
        largest = story.figures.largest(Self.shown)
        longest = largest.first.map { story.figures.opinions[$0].votes } ?? 1
    }

    func say(_ text: String = "") {
        FileHandle.standardOutput.write(Data("\(text)\n".utf8))
    }

    var wantsTallies: Bool { terminal.isInteractive }

    /// - Parameter tally: nil: none was read yet.
    func show(_ progress: EngineProgress, _ tally: PhaseTally?) {
        let share = min(1, Double(progress.votes) / Double(max(1, story.voteLines)))
        if terminal.isInteractive {
            draw(picture(progress, share, tally))
        } else if Int(share * 4) > quarters {
            quarters = Int(share * 4)
            say(
                """
                  \(Figures.right("\(quarters * 25)", 3)) %  \
                \(Figures.grouped(progress.votes)) votes, changes and withdrawals, \
                \(Figures.grouped(progress.deletions)) deletions
                """)
        }
    }

    /// Removes the picture: the table takes its place.
    func clear() {
        draw([])
    }

    private func draw(_ lines: [String]) {
        guard terminal.isInteractive else { return }
        var text = drawnLines > 0 ? "\u{1b}[\(drawnLines)A" : ""
        for line in lines { text += "\u{1b}[K\(line)\n" }
        text += "\u{1b}[J"
        drawnLines = lines.count
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    private func picture(
        _ progress: EngineProgress, _ share: Double, _ tally: PhaseTally?
    ) -> [String] {
        let bar = terminal.styled(Terminal.bar(share, width: Self.progressWidth), .blue)
        var lines = [
            """
              \(bar) \(Figures.right(Figures.decimal(share * 100, 0), 3)) %  \
            \(Figures.grouped(progress.votes)) votes and changes, \
            \(Figures.grouped(progress.deletions)) deletions
            """,
            "",
        ]
        guard let tally else { return lines }
        let counts = Dictionary(
            tally.proposals.map { ($0.id, $0.counts) }, uniquingKeysWith: { first, _ in first })
        for index in largest {
            let opinion = story.figures.opinions[index]
            let found = OfficialFigures.choices.map { counts[opinion.id]?[$0] ?? 0 }
            lines.append(row("opinion \(opinion.id)", found, official: opinion.votes))
        }
        lines.append("")
        lines.append("  " + terminal.styled(caption(share), .yellow))
        return lines
    }

    private func row(_ name: String, _ counts: [Int], official: Int) -> String {
        let styles: [(String, Terminal.Style)] = [("█", .green), ("▒", .yellow), ("░", .red)]
        var bar = ""
        var cells = 0
        for (count, style) in zip(counts, styles) {
            let width = min(
                count == 0 ? 0 : max(1, count * Self.barWidth / longest), Self.barWidth - cells)
            bar += terminal.styled(String(repeating: style.0, count: width), style.1)
            cells += width
        }
        bar += String(repeating: " ", count: Self.barWidth - cells)
        let numbers = counts.map { Figures.right(Figures.grouped($0), 7) }.joined()
        return "  \(Figures.left(name, 12)) \(bar)\(numbers)"
    }

    private func caption(_ share: Double) -> String {
        for burst in 0..<DemoStory.bursts {
            let begin = DemoStory.start(ofBurst: burst)
            if begin..<(begin + DemoStory.burstStay) ~= share {
                return
                    "\(Figures.grouped(DemoStory.accountsPerBurst)) accounts are created to vote “disagree” …"
            }
            if begin..<(begin + DemoStory.burstStay * 1.6) ~= share {
                return "… and deleted: their votes are gone again"
            }
        }
        return ""
    }
}
