import TallyActors

/// Times as stories write them.
enum StoryTime {
    /// `2026-11-01 08:00`, in UTC, with seconds and milliseconds if need be.
    static func instant(_ text: Substring) -> Instant? {
        let form = /(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d)(?::(\d\d)(?:\.(\d{3}))?)?/
        guard let match = text.wholeMatch(of: form) else { return nil }
        func number(_ digits: Substring?) -> Int64 { digits.flatMap { Int64($0) } ?? 0 }
        let days = days(number(match.1), number(match.2), number(match.3))
        let minutes = days * 1440 + number(match.4) * 60 + number(match.5)
        return Instant(
            milliseconds: minutes * 60_000 + number(match.6) * 1_000 + number(match.7))
    }

    /// Days from 1970-01-01 to a date of the Gregorian calendar.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let lengths: [Int64] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        let isLeap = { (year: Int64) in year % 4 == 0 && year % 100 != 0 || year % 400 == 0 }
        var days = (1970..<year).reduce(Int64(0)) { $0 + (isLeap($1) ? 366 : 365) }
        for index in 0..<Int(month - 1) { days += lengths[index] }
        if month > 2, isLeap(year) { days += 1 }
        return days + day - 1
    }
}
