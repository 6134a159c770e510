/// What the field `authorization` holds.
package enum Credential: Equatable {
    /// The token of `Bearer TOKEN` (RFC 6750), as a range of the field's bytes.
    case bearer(Range<Int>)
    /// Another scheme, or no token.
    case unusable

    package init(_ field: UnsafeRawBufferPointer) {
        let scheme = field.prefix { $0 != UInt8(ascii: " ") }
        var start = scheme.endIndex
        while start < field.count, field[start] == UInt8(ascii: " ") { start += 1 }
        guard UnsafeRawBufferPointer(rebasing: scheme).equalsIgnoringCase("bearer"),
            start < field.count
        else {
            self = .unusable
            return
        }
        self = .bearer(start..<field.count)
    }
}
