extension FixedWidthInteger where Self: UnsignedInteger {
    /// All of its digits, in lower case: sixteen of a `UInt64`, two of a byte.
    var hexadecimal: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: Self.bitWidth / 4 - digits.count) + digits
    }
}
