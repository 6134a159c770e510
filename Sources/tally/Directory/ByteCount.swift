/// Sizes as people read them, with the exact figure beside.
package enum ByteCount {
    private static let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]

    /// `12.3 MiB`; what is less than 1 KiB is given in bytes.
    package static func short(_ bytes: Int64) -> String {
        var value = Double(bytes)
        var unit = 0
        // What would be rounded up to 1,024 is one of the next unit.
        while value >= 1023.95, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        return unit == 0
            ? "\(bytes) \(bytes == 1 ? "byte" : "bytes")"
            : "\(Figures.decimal(value, 1)) \(units[unit])"
    }

    /// `12.3 MiB (12,897,280 bytes)`.
    package static func exact(_ bytes: Int64) -> String {
        bytes < 1024 ? short(bytes) : "\(short(bytes)) (\(Figures.grouped(Int(bytes))) bytes)"
    }
}
