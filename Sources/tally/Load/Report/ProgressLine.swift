import Foundation

/// One line on the terminal that shows how far a load is; nothing where there is no terminal.
struct ProgressLine {
    private static let width = 30

    /// Lines that there will be; nil: not known.
    let total: Int?
    let seconds: Double?
    private let terminal = Terminal.error

    func show(_ progress: EngineProgress) {
        guard terminal.isInteractive else { return }
        let share =
            if let seconds { progress.seconds / seconds } else if let total {
                Double(progress.votes) / Double(max(1, total))
            } else { 0.0 }
        let rate = progress.seconds > 0 ? Double(progress.votes) / progress.seconds : 0
        var text = "\(terminal.styled(Terminal.bar(share, width: Self.width), .green))"
        text += " \(Figures.right(Figures.decimal(min(share, 1) * 100, 0), 3)) %"
        text += "  \(Figures.grouped(progress.votes)) votes"
        text += "  \(Figures.decimal(rate, 0))/s"
        if progress.deletions > 0 { text += "  \(Figures.grouped(progress.deletions)) deletions" }
        if progress.refused > 0 { text += "  \(Figures.grouped(progress.refused)) refused" }
        write("\r\u{1b}[K\(text)")
    }

    func clear() {
        if terminal.isInteractive { write("\r\u{1b}[K") }
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
