/// Comparing entity tags (RFC 9110, 8.8.3).
enum EntityTag {
    /// Whether a list of tags (`If-None-Match`, `If-Match`) is `*` or names this one, whatever of
    /// them is weak.
    static func matches(_ list: UnsafeRawBufferPointer, _ tag: String) -> Bool {
        matches(list, tag) { Self.opaque($0).elementsEqual(Self.opaque(tag.utf8[...])) }
    }

    /// Whether a list names this strong tag as a strong one, or is `*`.
    static func matchesStrongly(_ list: UnsafeRawBufferPointer, _ tag: String) -> Bool {
        matches(list, tag) { $0.elementsEqual(tag.utf8) }
    }

    private static func matches(
        _ list: UnsafeRawBufferPointer, _ tag: String,
        _ isEqual: (Slice<UnsafeRawBufferPointer>) -> Bool
    ) -> Bool {
        list.split(separator: UInt8(ascii: ",")).contains { entry in
            let trimmed = trim(entry)
            return trimmed.elementsEqual("*".utf8) || isEqual(trimmed)
        }
    }

    private static func trim(
        _ entry: Slice<UnsafeRawBufferPointer>
    ) -> Slice<UnsafeRawBufferPointer> {
        var entry = entry
        while let first = entry.first, first == 0x20 || first == 0x09 { entry.removeFirst() }
        while let last = entry.last, last == 0x20 || last == 0x09 { entry.removeLast() }
        return entry
    }

    private static func opaque<Bytes: Collection<UInt8>>(_ tag: Bytes) -> Bytes.SubSequence {
        tag.starts(with: "W/".utf8) ? tag.dropFirst(2) : tag[...]
    }
}
