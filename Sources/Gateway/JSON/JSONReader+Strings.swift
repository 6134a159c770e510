extension JSONReader {
    /// The unescaped bytes of a string: valid UTF-8.
    package mutating func readString() throws(JSONFault) -> UnsafeRawBufferPointer {
        guard try nextByte() == UInt8(ascii: "\"") else { throw fault(.notAString) }
        offset += 1
        let start = offset
        try skipPlain()
        if bytes[offset] == UInt8(ascii: "\"") {
            offset += 1
            return UnsafeRawBufferPointer(rebasing: bytes[start..<(offset - 1)])
        }
        return try readEscaped(from: start)
    }

    /// Goes on to the next quote or backslash.
    private mutating func skipPlain() throws(JSONFault) {
        while true {
            if offset + 8 <= bytes.count {
                let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                let unplain = ByteMask.unplainInString(UInt64(littleEndian: word))
                if unplain == 0 {
                    offset += 8
                    continue
                }
                offset += ByteMask.firstIndex(unplain)
            }
            guard offset < bytes.count else { throw fault(.endedEarly) }
            switch bytes[offset] {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                return
            case 0..<0x20:
                throw fault(.controlCharacter)
            case 0x20..<0x80:
                offset += 1
            default:
                guard let length = UTF8Sequence.length(in: bytes, at: offset) else {
                    throw fault(.invalidUTF8)
                }
                offset += length
            }
        }
    }

    /// The string that began at `start` and has its first backslash at `offset`.
    private mutating func readEscaped(
        from start: Int
    ) throws(JSONFault) -> UnsafeRawBufferPointer {
        let beginning = scratchUsed
        var plain = start
        while true {
            keep(bytes[plain..<offset])
            if bytes[offset] == UInt8(ascii: "\"") { break }
            offset += 1
            try readEscape()
            plain = offset
            try skipPlain()
        }
        offset += 1
        return UnsafeRawBufferPointer(rebasing: scratch[beginning..<scratchUsed])
    }

    private mutating func keep(_ part: Slice<UnsafeRawBufferPointer>) {
        UnsafeMutableRawBufferPointer(rebasing: scratch[scratchUsed...]).copyBytes(from: part)
        scratchUsed += part.count
    }

    private mutating func keep(_ byte: UInt8) {
        scratch[scratchUsed] = byte
        scratchUsed += 1
    }

    /// What follows a backslash.
    private mutating func readEscape() throws(JSONFault) {
        guard offset < bytes.count else { throw fault(.endedEarly) }
        let byte = bytes[offset]
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): keep(byte)
        case UInt8(ascii: "b"): keep(0x08)
        case UInt8(ascii: "f"): keep(0x0C)
        case UInt8(ascii: "n"): keep(0x0A)
        case UInt8(ascii: "r"): keep(0x0D)
        case UInt8(ascii: "t"): keep(0x09)
        case UInt8(ascii: "u"):
            offset += 1
            return try readCodePoint()
        default: throw fault(.invalidEscape)
        }
        offset += 1
    }

    /// What follows `\u`: four digits, or a pair of surrogates.
    private mutating func readCodePoint() throws(JSONFault) {
        var value = try readFourDigits()
        if value & 0xFC00 == 0xD800 {
            guard bytes.count - offset >= 6, bytes[offset] == UInt8(ascii: "\\"),
                bytes[offset + 1] == UInt8(ascii: "u")
            else { throw fault(.loneSurrogate) }
            offset += 2
            let low = try readFourDigits()
            guard low & 0xFC00 == 0xDC00 else { throw fault(.loneSurrogate) }
            value = 0x1_0000 + (value & 0x3FF) << 10 + (low & 0x3FF)
        }
        // Only a low surrogate without a high one before it can still be no scalar.
        guard let scalar = Unicode.Scalar(value) else { throw fault(.loneSurrogate) }
        for byte in UTF8.encode(scalar)! { keep(byte) }
    }

    private mutating func readFourDigits() throws(JSONFault) -> UInt32 {
        guard bytes.count - offset >= 4 else { throw fault(.endedEarly) }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = HexDigit.value(of: bytes[offset]) else { throw fault(.invalidEscape) }
            value = value << 4 | UInt32(digit)
            offset += 1
        }
        return value
    }
}
