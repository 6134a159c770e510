/// The records of a Pabulib file: fields between semicolons, records on lines, and a field in quotation marks
/// may hold both. A file may begin with a byte-order mark, and end its lines with a carriage return.
struct PabulibRecords: Sequence, IteratorProtocol {
    private let bytes: [UInt8]
    private var position: Int
    /// The line of the last record, from 1.
    private(set) var line = 0
    private var lines = 1

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    }

    mutating func next() -> [String]? {
        guard position < bytes.count else { return nil }
        line = lines
        var fields: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\n") { lines += 1 }
            if isQuoted {
                guard byte == UInt8(ascii: "\"") else {
                    field.append(byte)
                    continue
                }
                if position < bytes.count, bytes[position] == byte {
                    field.append(byte)
                    position += 1
                } else {
                    isQuoted = false
                }
            } else if byte == UInt8(ascii: "\""), field.isEmpty {
                isQuoted = true
            } else if byte == UInt8(ascii: ";") {
                fields.append(Self.text(field))
                field.removeAll(keepingCapacity: true)
            } else if byte == UInt8(ascii: "\n") {
                break
            } else {
                field.append(byte)
            }
        }
        fields.append(Self.text(field))
        return fields
    }

    private static func text(_ field: [UInt8]) -> String {
        String(
            decoding: field.last == UInt8(ascii: "\r") ? field.dropLast() : field[...],
            as: UTF8.self)
    }
}
