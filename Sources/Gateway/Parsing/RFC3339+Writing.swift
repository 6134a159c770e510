package import TallyActors

extension RFC3339 {
    /// Bytes of an instant as it is written.
    package static let length = 24

    /// The instant in UTC with milliseconds: `2026-11-23T21:00:00.123Z`. What lies beyond the
    /// years 0 to 9999, which RFC 3339 cannot write, is written as the nearest that it can.
    package static func bytes(of instant: Instant) -> InlineArray<24, UInt8> {
        let range: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999
        let milliseconds = min(max(instant.milliseconds, range.lowerBound), range.upperBound)
        let time = CivilTime(Instant(milliseconds: milliseconds))
        var bytes = InlineArray<24, UInt8>(repeating: UInt8(ascii: "0"))
        func put(_ value: Int, digits: Int, at start: Int) {
            var value = value
            for place in stride(from: start + digits - 1, through: start, by: -1) {
                bytes[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10)
                value /= 10
            }
        }
        put(time.year, digits: 4, at: 0)
        bytes[4] = UInt8(ascii: "-")
        put(time.month, digits: 2, at: 5)
        bytes[7] = UInt8(ascii: "-")
        put(time.day, digits: 2, at: 8)
        bytes[10] = UInt8(ascii: "T")
        put(time.hour, digits: 2, at: 11)
        bytes[13] = UInt8(ascii: ":")
        put(time.minute, digits: 2, at: 14)
        bytes[16] = UInt8(ascii: ":")
        put(time.second, digits: 2, at: 17)
        bytes[19] = UInt8(ascii: ".")
        put(time.millisecond, digits: 3, at: 20)
        bytes[23] = UInt8(ascii: "Z")
        return bytes
    }

    package static func string(of instant: Instant) -> String {
        let bytes = bytes(of: instant)
        return String(unsafeUninitializedCapacity: length) { buffer in
            for index in 0..<length { buffer[index] = bytes[index] }
            return length
        }
    }
}
