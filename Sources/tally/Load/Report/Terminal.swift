import Foundation

/// What a person sees on: whether it is a terminal, and whether it wants colours.
package struct Terminal: Sendable {
    package var isTerminal: Bool
    /// A terminal on which the cursor can be moved.
    package var isInteractive: Bool
    package var hasColours: Bool

    private init(descriptor: Int32) {
        let environment = ProcessInfo.processInfo.environment
        isTerminal = isatty(descriptor) == 1
        isInteractive = isTerminal && environment["TERM"] != "dumb"
        hasColours = isInteractive && (environment["NO_COLOR"] ?? "").isEmpty
    }

    package static let output = Terminal(descriptor: STDOUT_FILENO)
    package static let error = Terminal(descriptor: STDERR_FILENO)

    package enum Style: String {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case blue = "34"
    }

    package func styled(_ text: String, _ style: Style) -> String {
        hasColours ? "\u{1b}[\(style.rawValue)m\(text)\u{1b}[0m" : text
    }

    /// A bar of `width` cells, a share of them full.
    package static func bar(_ share: Double, width: Int) -> String {
        let eighths = Int((min(max(share, 0), 1) * Double(width * 8)).rounded())
        let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        let text = String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
        return Figures.left(text, width)
    }
}
