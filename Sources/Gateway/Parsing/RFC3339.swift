package import TallyActors

/// Times as RFC 3339 writes them: `2026-11-01T08:00:00+01:00`, or without the offset a local time.
package enum RFC3339: Equatable, Sendable {
    case instant(Instant)
    /// Milliseconds since 1970-01-01T00:00:00 of a clock in an unnamed zone.
    case local(milliseconds: Int64)

    /// nil for anything else. Fractions of a second are cut off after the milliseconds; leap
    /// seconds are refused, as the journal's time has none.
    package init?(_ text: UnsafeRawBufferPointer) {
        guard let reading = Self.read(text) else { return nil }
        self = reading
    }

    package init?(_ text: String) {
        var text = text
        guard let reading = text.withUTF8({ Self.read(UnsafeRawBufferPointer($0)) }) else {
            return nil
        }
        self = reading
    }

    private static func read(_ text: UnsafeRawBufferPointer) -> RFC3339? {
        var scanner = Scanner(text: text)
        guard let time = scanner.civilTime(), time.isValid else { return nil }
        if scanner.isAtEnd { return .local(milliseconds: time.milliseconds) }
        guard let offset = scanner.offset(), scanner.isAtEnd else { return nil }
        let instant = Instant(milliseconds: time.milliseconds - offset)
        return 0...9999 ~= CivilTime(instant).year ? .instant(instant) : nil
    }

    private struct Scanner {
        let text: UnsafeRawBufferPointer
        var place = 0

        var isAtEnd: Bool { place == text.count }

        mutating func civilTime() -> CivilTime? {
            guard let year = number(digits: 4), take("-"), let month = number(digits: 2),
                take("-"), let day = number(digits: 2), take("T") || take("t"),
                let hour = number(digits: 2), take(":"), let minute = number(digits: 2),
                take(":"), let second = number(digits: 2), let fraction = fraction()
            else { return nil }
            return CivilTime(
                year: year, month: month, day: day, hour: hour, minute: minute, second: second,
                millisecond: fraction)
        }

        /// In milliseconds.
        mutating func offset() -> Int64? {
            if take("Z") || take("z") { return 0 }
            let isEast = take("+")
            guard isEast || take("-"), let hours = number(digits: 2), hours <= 23, take(":"),
                let minutes = number(digits: 2), minutes <= 59
            else { return nil }
            let offset = Int64(hours * 60 + minutes) * 60_000
            return isEast ? offset : -offset
        }

        /// Milliseconds of a fraction, 0 when there is none; nil when a point has no digits.
        private mutating func fraction() -> Int? {
            guard take(".") else { return 0 }
            var milliseconds = 0
            var weight = 100
            let start = place
            while let digit = number(digits: 1) {
                milliseconds += digit * weight
                weight /= 10
            }
            return place > start ? milliseconds : nil
        }

        private mutating func number(digits: Int) -> Int? {
            guard text.count - place >= digits else { return nil }
            var value = 0
            for index in place..<(place + digits) {
                guard 0x30...0x39 ~= text[index] else { return nil }
                value = value * 10 + Int(text[index] - 0x30)
            }
            place += digits
            return value
        }

        private mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard !isAtEnd, text[place] == UInt8(ascii: character) else { return false }
            place += 1
            return true
        }
    }
}
