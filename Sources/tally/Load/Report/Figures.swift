/// Numbers as people read them.
package enum Figures {
    /// `1,234,567`.
    package static func grouped(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return number < 0 ? "-\(text)" : text
    }

    /// With a number of digits behind the point.
    package static func decimal(_ number: Double, _ digits: Int) -> String {
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((number.magnitude * Double(scale)).rounded())
        let sign = number < 0 && scaled > 0 ? "-" : ""
        if digits == 0 { return sign + grouped(scaled) }
        let fraction = String(scaled % scale)
        let zeros = String(repeating: "0", count: digits - fraction.count)
        return "\(sign)\(grouped(scaled / scale)).\(zeros)\(fraction)"
    }

    /// A time in nanoseconds, to three digits: `850 µs`, `3.21 ms`, `1.25 s`.
    package static func duration(_ nanoseconds: UInt64) -> String {
        let value = Double(nanoseconds)
        switch value {
        case ..<999_500: return "\(decimal(value / 1e3, 0)) µs"
        case ..<9_995_000: return "\(decimal(value / 1e6, 2)) ms"
        case ..<99_950_000: return "\(decimal(value / 1e6, 1)) ms"
        case ..<999_500_000: return "\(decimal(value / 1e6, 0)) ms"
        default: return "\(decimal(value / 1e9, 2)) s"
        }
    }

    /// Padded on the left to a width.
    package static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// Padded on the right to a width.
    package static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
