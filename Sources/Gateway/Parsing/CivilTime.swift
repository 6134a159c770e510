import TallyActors

/// A date and a time of day of the proleptic Gregorian calendar, without an offset.
struct CivilTime: Equatable {
    var year: Int
    var month: Int
    var day: Int
    var hour = 0
    var minute = 0
    var second = 0
    var millisecond = 0

    static let millisecondsPerDay: Int64 = 86_400_000
    /// Days from 0000-03-01, where the count of eras begins, to 1970-01-01.
    private static let epochDays = 719_468
    private static let daysPerEra = 146_097

    var isValid: Bool {
        0...9999 ~= year && 1...12 ~= month && 1...daysInMonth ~= day && 0...23 ~= hour
            && 0...59 ~= minute && 0...59 ~= second
    }

    private var daysInMonth: Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: isLeapYear ? 29 : 28
        default: 31
        }
    }

    private var isLeapYear: Bool {
        year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    }

    /// Milliseconds since 1970-01-01T00:00:00 in whatever zone this is a time of.
    var milliseconds: Int64 {
        // Years that begin in March have the leap day at their end.
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * Self.daysPerEra + dayOfEra - Self.epochDays
        return Int64(days) * Self.millisecondsPerDay
            + Int64(((hour * 60 + minute) * 60 + second) * 1000 + millisecond)
    }
}

extension CivilTime {
    /// The time in UTC.
    init(_ instant: Instant) {
        var days = Int(instant.milliseconds / Self.millisecondsPerDay)
        var rest = Int(instant.milliseconds % Self.millisecondsPerDay)
        if rest < 0 {
            days -= 1
            rest += Int(Self.millisecondsPerDay)
        }
        days += Self.epochDays
        let era = (days >= 0 ? days : days - Self.daysPerEra + 1) / Self.daysPerEra
        let dayOfEra = days - era * Self.daysPerEra
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        hour = rest / 3_600_000
        minute = rest / 60_000 % 60
        second = rest / 1000 % 60
        millisecond = rest % 1000
    }
}
