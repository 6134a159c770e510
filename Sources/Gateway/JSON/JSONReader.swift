/// Reads strict JSON (RFC 8259) value by value, as its caller asks for them, and allocates nothing.
///
/// The caller says what belongs where; anything else is a `JSONFault`. Strings are valid UTF-8,
/// lone surrogates are refused, and integers have neither fraction nor exponent. Keys come as their
/// unescaped bytes, so unknown and repeated ones are the caller's to refuse. It never skips a value
/// and never calls itself: it nests as deep as its caller asks it to, not as deep as its input does.
///
/// What it returns points into `bytes` or, for strings with escapes, into `scratch`; both must
/// outlive the reader and what was read.
package struct JSONReader {
    let bytes: UnsafeRawBufferPointer
    let scratch: UnsafeMutableRawBufferPointer
    var offset = 0
    var scratchUsed = 0
    /// Right behind the beginning of an object or an array: no comma is due.
    private var isAtStart = false

    /// - Parameter scratch: at least as long as `bytes`: no string grows when it is unescaped.
    package init(_ bytes: UnsafeRawBufferPointer, scratch: UnsafeMutableRawBufferPointer) {
        precondition(scratch.count >= bytes.count, "the scratch is shorter than the text")
        self.bytes = bytes
        self.scratch = scratch
    }

    /// Reads one whole text, with a scratch of its own.
    package static func read<Value>(
        _ bytes: UnsafeRawBufferPointer, _ body: (inout JSONReader) throws(JSONFault) -> Value
    ) throws(JSONFault) -> Value {
        let result = withUnsafeTemporaryAllocation(byteCount: bytes.count, alignment: 1) {
            scratch in
            Result { () throws(JSONFault) in
                var reader = JSONReader(bytes, scratch: scratch)
                let value = try body(&reader)
                try reader.finish()
                return value
            }
        }
        return try result.get()
    }

    // MARK: Objects and arrays

    package mutating func beginObject() throws(JSONFault) {
        try begin(with: UInt8(ascii: "{"), else: .notAnObject)
    }

    /// The next key, after which its value must be read; nil at the end of the object.
    package mutating func nextKey() throws(JSONFault) -> UnsafeRawBufferPointer? {
        guard try goesOn(until: UInt8(ascii: "}")) else { return nil }
        let key = try readString()
        guard try nextByte() == UInt8(ascii: ":") else { throw fault(.unexpectedByte) }
        offset += 1
        return key
    }

    package mutating func beginArray() throws(JSONFault) {
        try begin(with: UInt8(ascii: "["), else: .notAnArray)
    }

    /// Whether another element follows, which must then be read; false at the end of the array.
    package mutating func nextElement() throws(JSONFault) -> Bool {
        try goesOn(until: UInt8(ascii: "]"))
    }

    /// Whether a string stands next, where several types may.
    package mutating func isAtString() throws(JSONFault) -> Bool {
        try nextByte() == UInt8(ascii: "\"")
    }

    /// Nothing but white space may follow.
    package mutating func finish() throws(JSONFault) {
        skipSpace()
        guard offset == bytes.count else { throw fault(.trailingBytes) }
    }

    private mutating func begin(
        with byte: UInt8, else reason: JSONFault.Reason
    ) throws(JSONFault) {
        guard try nextByte() == byte else { throw fault(reason) }
        offset += 1
        isAtStart = true
    }

    private mutating func goesOn(until end: UInt8) throws(JSONFault) -> Bool {
        let byte = try nextByte()
        defer { isAtStart = false }
        if byte == end {
            offset += 1
            return false
        }
        if !isAtStart {
            guard byte == UInt8(ascii: ",") else { throw fault(.unexpectedByte) }
            offset += 1
        }
        return true
    }

    // MARK: Values

    package mutating func readBoolean() throws(JSONFault) -> Bool {
        _ = try nextByte()
        if matches("true") { return true }
        if matches("false") { return false }
        throw fault(.notABoolean)
    }

    /// An integer; one beyond 64 bits comes as the nearest that has 64, which every limit of the
    /// contract excludes, too.
    package mutating func readInteger() throws(JSONFault) -> Int64 {
        let isNegative = try nextByte() == UInt8(ascii: "-")
        if isNegative { offset += 1 }
        let start = offset
        var value: Int64 = 0
        while offset < bytes.count, case let digit = Int64(bytes[offset]) - 0x30, 0...9 ~= digit {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowToo) = product.addingReportingOverflow(isNegative ? -digit : digit)
            value = overflow || overflowToo ? (isNegative ? .min : .max) : sum
            offset += 1
        }
        let isWellFormed = offset == start + 1 || offset > start && bytes[start] != 0x30
        guard isWellFormed else { throw fault(.notAnInteger) }
        if offset < bytes.count, [0x2E, 0x45, 0x65].contains(bytes[offset]) {
            throw fault(.notAnInteger)
        }
        return value
    }

    // MARK: Bytes

    func fault(_ reason: JSONFault.Reason) -> JSONFault {
        JSONFault(reason: reason, offset: offset)
    }

    /// The byte behind any white space; stays before it.
    mutating func nextByte() throws(JSONFault) -> UInt8 {
        skipSpace()
        guard offset < bytes.count else { throw fault(.endedEarly) }
        return bytes[offset]
    }

    private mutating func skipSpace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }

    private mutating func matches(_ literal: StaticString) -> Bool {
        let length = literal.utf8CodeUnitCount
        guard bytes.count - offset >= length else { return false }
        for index in 0..<length where bytes[offset + index] != literal.utf8Start[index] {
            return false
        }
        offset += length
        return true
    }
}
