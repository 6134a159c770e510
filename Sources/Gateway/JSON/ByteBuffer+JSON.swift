package import NIOCore
package import TallyActors

extension ByteBuffer {
    /// Digits of the largest 64-bit integer.
    private static let maximumDigits = 20

    /// Writes an integer in decimal digits.
    package mutating func writeDecimal(_ value: UInt64) {
        writeWithUnsafeMutableBytes(minimumWritableBytes: Self.maximumDigits) { bytes in
            var length = 1
            var bound: UInt64 = 10
            while length < Self.maximumDigits, value >= bound {
                length += 1
                // Past 10^19 the bound no longer fits, and the length ends the loop.
                bound = bound &* 10
            }
            var rest = value
            for place in stride(from: length - 1, through: 0, by: -1) {
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                bytes[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
                rest = quotient
            }
            return length
        }
    }

    /// Writes a time as RFC 3339 has it, in UTC, with milliseconds.
    mutating func writeInstant(_ instant: Instant) {
        let text = RFC3339.bytes(of: instant)
        writeWithUnsafeMutableBytes(minimumWritableBytes: RFC3339.length) { bytes in
            for index in 0..<RFC3339.length { bytes[index] = text[index] }
            return RFC3339.length
        }
    }

    /// Writes a string in JSON, with its quotes. Only what JSON does not allow as it is becomes an
    /// escape.
    ///
    /// - Parameter text: valid UTF-8.
    package mutating func writeJSONString(_ text: UnsafeRawBufferPointer) {
        writeInteger(UInt8(ascii: "\""))
        var plain = 0
        var place = 0
        while place < text.count {
            if place + 8 <= text.count {
                let word = text.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                if ByteMask.unplainInString(UInt64(littleEndian: word)) == 0 {
                    place += 8
                    continue
                }
            }
            let byte = text[place]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                writeBytes(text[plain..<place])
                writeEscape(of: byte)
                plain = place + 1
            }
            place += 1
        }
        writeBytes(text[plain...])
        writeInteger(UInt8(ascii: "\""))
    }

    package mutating func writeJSONString(_ text: Identifier) {
        text.bytes.withUnsafeBytes { writeJSONString($0) }
    }

    private mutating func writeEscape(of byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): writeStaticString("\\\"")
        case UInt8(ascii: "\\"): writeStaticString("\\\\")
        case 0x08: writeStaticString("\\b")
        case 0x09: writeStaticString("\\t")
        case 0x0A: writeStaticString("\\n")
        case 0x0C: writeStaticString("\\f")
        case 0x0D: writeStaticString("\\r")
        default:
            writeStaticString("\\u00")
            // Control characters end at U+001F: the first digit is a number.
            writeInteger(UInt8(ascii: "0") + byte >> 4)
            let last = byte & 0xF
            writeInteger(last < 10 ? UInt8(ascii: "0") + last : UInt8(ascii: "a") - 10 + last)
        }
    }
}
