/// Well-formed UTF-8 beyond ASCII (The Unicode Standard, table 3-7).
enum UTF8Sequence {
    /// Bytes of the well-formed sequence at `offset`, 2 to 4; nil when there is none, also when the
    /// bytes end within it.
    ///
    /// - Parameter offset: of a byte of 0x80 or more.
    static func length(in bytes: UnsafeRawBufferPointer, at offset: Int) -> Int? {
        let lead = bytes[offset]
        let remaining = bytes.count - offset
        switch lead {
        case 0xC2...0xDF:
            guard remaining >= 2, isContinuation(bytes[offset + 1]) else { return nil }
            return 2
        case 0xE0...0xEF:
            guard remaining >= 3, isContinuation(bytes[offset + 2]) else { return nil }
            let second = bytes[offset + 1]
            switch lead {
            case 0xE0: return 0xA0...0xBF ~= second ? 3 : nil
            // ED A0 to ED BF would be surrogates.
            case 0xED: return 0x80...0x9F ~= second ? 3 : nil
            default: return isContinuation(second) ? 3 : nil
            }
        case 0xF0...0xF4:
            guard remaining >= 4, isContinuation(bytes[offset + 2]),
                isContinuation(bytes[offset + 3])
            else { return nil }
            let second = bytes[offset + 1]
            switch lead {
            case 0xF0: return 0x90...0xBF ~= second ? 4 : nil
            case 0xF4: return 0x80...0x8F ~= second ? 4 : nil
            default: return isContinuation(second) ? 4 : nil
            }
        default:
            return nil
        }
    }

    @inline(__always)
    private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}
