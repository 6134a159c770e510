import Foundation

/// One line of the table: what Tally does, what stands beside it, and whether that is enough.
struct Row {
    /// What the ratio (or, without a peer, the figure) should be.
    enum Target {
        case atLeast(Double)
        case atMost(Double)

        func isMet(by value: Double) -> Bool {
            switch self {
            case .atLeast(let bound): value >= bound
            case .atMost(let bound): value <= bound
            }
        }

        var text: String {
            switch self {
            case .atLeast(let bound): "≥ \(Self.short(bound))"
            case .atMost(let bound): "≤ \(Self.short(bound))"
            }
        }

        private static func short(_ bound: Double) -> String {
            bound == bound.rounded() && bound >= 2 ? String(Int(bound)) : String(bound)
        }
    }

    var name: String
    var tally: Figure
    /// The peer's name and its figure.
    var peer: (name: String, figure: Figure)?
    var target: Target?

    /// Tally's median by the peer's.
    var ratio: Double? {
        peer.map { tally.median / $0.figure.median }
    }

    /// In one line, for the one who waits.
    var summary: String {
        let beside = peer.map { ", beside \($0.figure.text) (\($0.name))" } ?? ""
        let compared = ratio.map { String(format: ": %.2f", $0) } ?? ""
        let wanted = target.map { ", target \($0.text)" } ?? ""
        return "\(name): \(tally.text)\(beside)\(compared)\(wanted)"
    }

    var isMet: Bool? {
        target.map { $0.isMet(by: ratio ?? tally.median) }
    }
}
