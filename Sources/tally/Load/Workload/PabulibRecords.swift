/// The records of a Pabulib file: fields between semicolons, records on lines, and a field in quotation marks
/// may hold both. A field with a stray quotation mark is taken as it stands. A file may begin with a
/// byte-order mark, and end its lines with a carriage return.
struct PabulibRecords: Sequence, IteratorProtocol {
    private static let quote = UInt8(ascii: "\"")
    private static let delimiter = UInt8(ascii: ";")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    private let bytes: [UInt8]
    private var position: Int
    /// The line on which the last record begins, from 1.
    private(set) var line = 0
    private var lines = 1

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    }

    /// Fields without the spaces around them; a blank line is one empty field.
    mutating func next() -> [String]? {
        guard position < bytes.count else { return nil }
        line = lines
        var fields: [String] = []
        repeat {
            fields.append(quotedField() ?? plainField())
        } while skip(Self.delimiter)
        _ = skip(Self.carriageReturn)
        if skip(Self.lineFeed) { lines += 1 }
        return fields
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func plainField() -> String {
        let start = position
        while position < bytes.count, !isEnd(position) { position += 1 }
        return Self.text(bytes[start..<position])
    }

    /// Nil, and nothing read: no field that quotation marks enclose.
    private mutating func quotedField() -> String? {
        var here = position
        while here < bytes.count, bytes[here] == UInt8(ascii: " ") { here += 1 }
        guard here < bytes.count, bytes[here] == Self.quote else { return nil }
        var field: [UInt8] = []
        var lineFeeds = 0
        here += 1
        while here < bytes.count {
            let byte = bytes[here]
            here += 1
            if byte == Self.lineFeed { lineFeeds += 1 }
            if byte == Self.quote {
                if here < bytes.count, bytes[here] == Self.quote {
                    here += 1
                } else {
                    guard here == bytes.count || isEnd(here) else { return nil }
                    position = here
                    lines += lineFeeds
                    return Self.text(field[...])
                }
            }
            field.append(byte)
        }
        return nil
    }

    /// A field ends here: a delimiter, or the end of a line.
    private func isEnd(_ index: Int) -> Bool {
        switch bytes[index] {
        case Self.delimiter, Self.lineFeed: true
        case Self.carriageReturn:
            index + 1 == bytes.count || bytes[index + 1] == Self.lineFeed
        default: false
        }
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String {
        var field = field
        while let first = field.first, isSpace(first) { field.removeFirst() }
        while let last = field.last, isSpace(last) { field.removeLast() }
        return String(decoding: field, as: UTF8.self)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
