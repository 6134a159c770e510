package enum HexDigits {
    /// The lowest `count` hexadecimal digits, with leading zeros.
    package static func of(_ number: UInt64, count: Int) -> String {
        let plain = String(number, radix: 16)
        return String(repeating: "0", count: max(0, count - plain.utf8.count)) + plain
    }
}
