import TallyActors

/// An identifier's bytes, kept to compare others with; empty at first.
///
/// Kept with the quote that would end it in JSON, so that one comparison tells both that a string
/// begins with the name and that it ends there.
struct KeptName {
    /// Bytes of the name.
    private(set) var count = 0
    private var quoted = KeptText(capacity: Identifier.maximumLength + 1)
    /// Whether the name stands in JSON as it is.
    private var isPlain = false

    func equals(_ name: UnsafeRawBufferPointer) -> Bool {
        name.count == count && quoted.begins(with: name)
    }

    /// Whether the name stands here, in JSON and written plainly, behind its opening quote.
    @inline(__always)
    func stands(at cursor: UsualCursor) -> Bool {
        isPlain && quoted.stands(at: cursor)
    }

    mutating func forget() {
        count = 0
        isPlain = false
        quoted.forget()
    }

    mutating func keep(_ name: UnsafeRawBufferPointer) {
        quoted.keep(name, and: UInt8(ascii: "\""))
        count = name.count
        // Control characters an identifier has not, and what is beyond ASCII needs no escapes.
        isPlain = name.allSatisfy { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    }
}
