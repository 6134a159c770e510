#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension UnsafeRawBufferPointer {
    /// Byte for byte, case-sensitive.
    @inline(__always)
    func equals(_ text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount
            && (count == 0 || memcmp(baseAddress!, text.utf8Start, count) == 0)
    }

    /// Byte for byte.
    @inline(__always)
    func equals(_ bytes: [UInt8]) -> Bool {
        count == bytes.count
            && (count == 0
                || bytes.withUnsafeBytes { memcmp(baseAddress!, $0.baseAddress!, count) == 0 })
    }

    /// ASCII letters of either case are the same; `text` is in lower case.
    func equalsIgnoringCase(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        for index in 0..<count {
            let byte = self[index]
            let lowered = byte &- 0x41 < 26 ? byte | 0x20 : byte
            if lowered != text.utf8Start[index] { return false }
        }
        return true
    }

    /// A non-negative decimal number of at most 18 digits, and nothing else.
    var decimal: Int? {
        guard count > 0, count <= 18 else { return nil }
        var value = 0
        for byte in self {
            let digit = byte &- 0x30
            if digit > 9 { return nil }
            value = value &* 10 &+ Int(digit)
        }
        return value
    }
}
