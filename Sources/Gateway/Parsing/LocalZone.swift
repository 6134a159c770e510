import Foundation
package import TallyActors

/// A time zone of the IANA database, to read local times in.
package struct LocalZone: Sendable {
    private let zone: TimeZone

    package static let utc = LocalZone(zone: .gmt)

    /// The names of the database that have no slash. Foundation knows other spellings, too, that
    /// are not in the database: `PST`, `GMT+2`.
    private static let plainNames: Set<String> = [
        "CET", "CST6CDT", "Cuba", "EET", "EST", "EST5EDT", "Egypt", "Eire", "Factory", "GB",
        "GB-Eire", "GMT", "GMT+0", "GMT-0", "GMT0", "Greenwich", "HST", "Hongkong", "Iceland",
        "Iran", "Israel", "Jamaica", "Japan", "Kwajalein", "Libya", "MET", "MST", "MST7MDT", "NZ",
        "NZ-CHAT", "Navajo", "PRC", "PST8PDT", "Poland", "Portugal", "ROC", "ROK", "Singapore",
        "Turkey", "UCT", "UTC", "Universal", "W-SU", "WET", "Zulu",
    ]

    private init(zone: TimeZone) {
        self.zone = zone
    }

    /// nil for a name that the database does not have.
    package init?(named name: String) {
        guard name.contains("/") || Self.plainNames.contains(name),
            let zone = TimeZone(identifier: name)
        else { return nil }
        self.zone = zone
    }

    /// The instant of a local time. One that a clock change repeats is its first occurrence; one
    /// that it skips is read with the offset before it.
    ///
    /// - Parameter local: milliseconds since 1970-01-01T00:00:00 of this zone's clock.
    package func instant(ofLocal local: Int64) -> Instant {
        // Offsets lie between -12 and +14 hours, so the instant lies between these two, and a
        // clock change that matters, too.
        let before = offset(at: local - 14 * Self.hour)
        let after = offset(at: local + 12 * Self.hour)
        let early = local - before
        if before == after || offset(at: early) == before { return Instant(milliseconds: early) }
        let late = local - after
        // Neither is right: the time was skipped.
        return Instant(milliseconds: offset(at: late) == after ? late : early)
    }

    private static let hour: Int64 = 3_600_000

    /// In milliseconds.
    private func offset(at milliseconds: Int64) -> Int64 {
        let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
        return Int64(zone.secondsFromGMT(for: date)) * 1000
    }
}
