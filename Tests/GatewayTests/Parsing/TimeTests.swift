import Gateway
import TallyActors
import Testing

@Suite("Times")
struct TimeTests {
    @Test(
        "of RFC 3339 are instants with an offset, and local without",
        arguments: [
            ("1970-01-01T00:00:00Z", RFC3339.instant(Instant(milliseconds: 0))),
            ("1970-01-01T00:00:00", .local(milliseconds: 0)),
            ("2026-11-01T08:00:00+01:00", .instant(Instant(milliseconds: 1_793_516_400_000))),
            ("2026-11-01t07:00:00.5z", .instant(Instant(milliseconds: 1_793_516_400_500))),
            ("2026-11-01T07:00:00.1239999Z", .instant(Instant(milliseconds: 1_793_516_400_123))),
            ("2026-10-31T23:30:00-07:30", .instant(Instant(milliseconds: 1_793_516_400_000))),
            ("2000-02-29T00:00:00", .local(milliseconds: 951_782_400_000)),
            ("0000-01-01T00:00:00Z", .instant(Instant(milliseconds: -62_167_219_200_000))),
            ("9999-12-31T23:59:59.999Z", .instant(Instant(milliseconds: 253_402_300_799_999))),
        ])
    func reading(text: String, expected: RFC3339) {
        #expect(RFC3339(text) == expected)
    }

    @Test(
        "that are none are refused",
        arguments: [
            "", "2026", "2026-11-01", "2026-11-01T08:00", "2026-11-01 08:00:00",
            "2026-13-01T08:00:00", "2026-00-01T08:00:00", "2026-11-31T08:00:00",
            "2100-02-29T08:00:00", "2026-11-01T24:00:00", "2026-11-01T08:60:00",
            "2026-12-31T23:59:60Z", "2026-11-01T08:00:00.Z", "2026-11-01T08:00:00+1:00",
            "2026-11-01T08:00:00+0100", "2026-11-01T08:00:00+24:00", "2026-11-01T08:00:00Zx",
            " 2026-11-01T08:00:00Z", "2026-11-01T08:00:00,5Z", "+2026-11-01T08:00:00Z",
            "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "２026-11-01T08:00:00Z",
        ])
    func refusing(text: String) {
        #expect(RFC3339(text) == nil)
    }

    @Test("are written in UTC with milliseconds, and read again the same")
    func writing() {
        #expect(
            RFC3339.string(of: Instant(milliseconds: 1_795_467_600_123))
                == "2026-11-23T21:00:00.123Z")
        #expect(RFC3339.string(of: Instant(milliseconds: -1)) == "1969-12-31T23:59:59.999Z")
        #expect(RFC3339.string(of: Instant(milliseconds: .max)) == "9999-12-31T23:59:59.999Z")
        #expect(RFC3339.string(of: Instant(milliseconds: .min)) == "0000-01-01T00:00:00.000Z")
        print("times written and read: seed 12")
        var random = ParsingRandom(seed: 12)
        for _ in 0..<20_000 {
            let instant = Instant(
                milliseconds: .random(
                    in: -62_167_219_200_000...253_402_300_799_999, using: &random))
            #expect(RFC3339(RFC3339.string(of: instant)) == .instant(instant))
        }
    }

    @Test(
        "of a zone's clock are resolved with the offset of their date",
        arguments: [
            ("Europe/Paris", "2026-07-01T12:00:00", "2026-07-01T10:00:00.000Z"),
            ("Europe/Paris", "2026-11-01T08:00:00", "2026-11-01T07:00:00.000Z"),
            // Repeated: 02:30 comes at +02:00 first, then at +01:00.
            ("Europe/Paris", "2026-10-25T02:30:00", "2026-10-25T00:30:00.000Z"),
            ("Europe/Paris", "2026-10-25T02:00:00", "2026-10-25T00:00:00.000Z"),
            ("Europe/Paris", "2026-10-25T01:59:59", "2026-10-24T23:59:59.000Z"),
            ("Europe/Paris", "2026-10-25T03:00:00", "2026-10-25T02:00:00.000Z"),
            // Skipped: read with +01:00, the offset before.
            ("Europe/Paris", "2026-03-29T02:30:00", "2026-03-29T01:30:00.000Z"),
            ("Europe/Paris", "2026-03-29T02:00:00", "2026-03-29T01:00:00.000Z"),
            ("Europe/Paris", "2026-03-29T01:59:59", "2026-03-29T00:59:59.000Z"),
            ("Europe/Paris", "2026-03-29T03:00:00", "2026-03-29T01:00:00.000Z"),
            ("America/New_York", "2026-11-01T01:30:00", "2026-11-01T05:30:00.000Z"),
            ("America/New_York", "2026-03-08T02:30:00", "2026-03-08T07:30:00.000Z"),
            // Half an hour of change.
            ("Australia/Lord_Howe", "2026-04-05T01:45:00", "2026-04-04T14:45:00.000Z"),
            // A whole day skipped.
            ("Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T22:00:00.000Z"),
            ("Pacific/Kiritimati", "2026-01-01T00:00:00", "2025-12-31T10:00:00.000Z"),
            ("UTC", "2026-01-01T00:00:00", "2026-01-01T00:00:00.000Z"),
        ])
    func zones(zone: String, local: String, expected: String) throws {
        guard case .local(let milliseconds) = RFC3339(local) else {
            Issue.record("no local time")
            return
        }
        let zone = try #require(LocalZone(named: zone))
        #expect(RFC3339.string(of: zone.instant(ofLocal: milliseconds)) == expected)
    }

    @Test("are read in zones of the IANA database only")
    func zoneNames() {
        for name in ["UTC", "Etc/UTC", "GMT", "Europe/Paris", "America/Indiana/Knox", "CET"] {
            #expect(LocalZone(named: name) != nil, "\(name)")
        }
        for name in ["", "Mars/Phobos", "GMT+2", "PST", "+02:00", "europe/paris", "Europe", "../x"]
        {
            #expect(LocalZone(named: name) == nil, "\(name)")
        }
    }
}
