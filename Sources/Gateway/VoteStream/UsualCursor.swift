import TallyActors

/// Walks over a line of the usual shape. Whatever it does not expect ends the walk, a newline too,
/// so it never gets behind the newline that ends the line; it reads up to 16 bytes from where it is.
struct UsualCursor {
    var place: UnsafeRawPointer

    @inline(__always)
    var byte: UInt8 { place.load(as: UInt8.self) }

    /// The next eight bytes, the first one lowest.
    @inline(__always)
    func word(at offset: Int = 0) -> UInt64 {
        UInt64(littleEndian: place.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    @inline(__always)
    mutating func skipSpaces() {
        while byte == UInt8(ascii: " ") { place += 1 }
    }

    @inline(__always)
    mutating func take(_ expected: UInt8) -> Bool {
        guard byte == expected else { return false }
        place += 1
        return true
    }

    /// Takes `expected` with spaces before and behind it.
    @inline(__always)
    mutating func takeSpaced(_ expected: UInt8) -> Bool {
        skipSpaces()
        guard take(expected) else { return false }
        skipSpaces()
        return true
    }

    /// Takes a string without escapes whose bytes are all printable ASCII.
    @inline(__always)
    mutating func takePlainString() -> UnsafeRawBufferPointer? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = place
        place = PlainRun.end(from: start)
        let string = UnsafeRawBufferPointer(start: start, count: place - start)
        return take(UInt8(ascii: "\"")) ? string : nil
    }

    /// Takes a plain string that is an identifier.
    @inline(__always)
    mutating func takePlainIdentifier() -> UnsafeRawBufferPointer? {
        guard let string = takePlainString(), 1...Identifier.maximumLength ~= string.count else {
            return nil
        }
        // `.` and `..` begin with a dot: names that do are left to the full parser.
        return string[0] == UInt8(ascii: ".") ? nil : string
    }

    /// Takes a plain string that is an identifier and probably has this many bytes.
    ///
    /// Where the guess is right, what follows is read from a place that does not depend on the
    /// string's bytes, so the processor need not wait for them.
    @inline(__always)
    mutating func takePlainIdentifier(likelyLength length: Int) -> UnsafeRawBufferPointer? {
        let start = place + 1
        guard length >= PlainRun.width, byte == UInt8(ascii: "\""),
            PlainRun.covers(start, count: length),
            (start + length).load(as: UInt8.self) == UInt8(ascii: "\""),
            start.load(as: UInt8.self) != UInt8(ascii: ".")
        else { return takePlainIdentifier() }
        place = start + length + 1
        return UnsafeRawBufferPointer(start: start, count: length)
    }

    /// Takes a positive integer of at most seven digits: any that may be a rank or points.
    @inline(__always)
    mutating func takeShortInteger() -> UInt32? {
        var value = UInt32(byte) &- 0x30
        guard 1...9 ~= value else { return nil }
        let end = place + 7
        place += 1
        while case let digit = UInt32(byte) &- 0x30, digit <= 9 {
            guard place < end else { return nil }
            value = value * 10 + digit
            place += 1
        }
        return value
    }

    /// Takes the end of the line, from the brace that closes the object.
    @inline(__always)
    mutating func takeEnd() -> Bool {
        guard takeSpaced(UInt8(ascii: "}")) else { return false }
        _ = take(UInt8(ascii: "\r"))
        return take(UInt8(ascii: "\n"))
    }
}
