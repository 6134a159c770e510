import Foundation

/// What several runs of one measurement gave, in one unit.
struct Figure {
    var values: [Double]
    var unit: Unit

    /// What a figure counts; it decides how it is written.
    enum Unit: String {
        case votesPerSecond = "votes/s"
        case readsPerSecond = "reads/s"
        case deletionsPerSecond = "deletions/s"
        case seconds = "s"
        case milliseconds = "ms"
        case microseconds = "µs"
        case bytesPerVote = "bytes/vote"
    }

    init(_ values: [Double], _ unit: Unit) {
        precondition(!values.isEmpty, "a figure needs a run")
        self.values = values
        self.unit = unit
    }

    /// The middle of the runs; of an even number the mean of the middle two.
    var median: Double { Self.quantile(values, 0.5) }

    static func quantile(_ values: [Double], _ fraction: Double) -> Double {
        let sorted = values.sorted()
        let place = fraction * Double(sorted.count - 1)
        let below = sorted[Int(place)]
        let above = sorted[min(Int(place) + 1, sorted.count - 1)]
        return below + (above - below) * (place - place.rounded(.down))
    }

    /// The median with its unit.
    var text: String { "\(Self.number(median)) \(unit.rawValue)" }

    /// From the least to the greatest run; nothing for a single one.
    var range: String {
        guard values.count > 1, let least = values.min(), let greatest = values.max() else {
            return ""
        }
        return "\(Self.number(least))–\(Self.number(greatest))"
    }

    /// Up to three significant digits, and all of those before the point.
    static func number(_ value: Double) -> String {
        guard value >= 100 else {
            return String(format: value < 10 ? "%.2f" : "%.1f", value)
        }
        return grouped(Int(value.rounded()))
    }

    /// A whole number with commas between thousands.
    static func grouped(_ count: Int) -> String {
        var digits = String(count)
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return ([digits] + groups).joined(separator: ",")
    }
}
