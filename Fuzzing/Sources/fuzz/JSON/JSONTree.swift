import Gateway

/// Trees of what the reader reads: no fractions, and no null.
enum JSONTree {
    /// Deeper trees end in an integer.
    private static let maximumDepth = 8

    static func make(_ input: inout FuzzInput, depth: Int = 0) -> JSONValue {
        let kind = input.number(below: 6)
        switch depth < maximumDepth ? kind : kind % 4 {
        case 0: return .number(Int64(bitPattern: input.word()))
        case 1: return .number(Int64(input.number(below: 100)))
        case 2: return .boolean(input.byte() & 1 == 1)
        case 3: return .string(text(&input))
        case 4:
            return .array((0..<input.number(below: 4)).map { _ in make(&input, depth: depth + 1) })
        default:
            return .object(
                (0..<input.number(below: 4)).map { _ in
                    JSONValue.Member(key: text(&input), value: make(&input, depth: depth + 1))
                })
        }
    }

    private static func text(_ input: inout FuzzInput) -> [UInt8] {
        let bytes = input.take(input.number(below: 40))
        return Array(String(decoding: bytes, as: UTF8.self).utf8)
    }

    static func write(_ tree: JSONValue, to json: inout JSONWriter) {
        switch tree {
        case .null: json.null()
        case .boolean(let value): json.boolean(value)
        case .number: json.integer(tree.integer!)
        case .string(let text): text.withUnsafeBytes { json.string($0) }
        case .array(let elements):
            json.beginArray()
            for element in elements { write(element, to: &json) }
            json.endArray()
        case .object(let members):
            json.beginObject()
            for member in members {
                member.key.withUnsafeBytes { json.key($0) }
                write(member.value, to: &json)
            }
            json.endObject()
        }
    }

    /// Whether the reader, asked for the tree's values one after the other, finds them in a text,
    /// and nothing else.
    static func stands(_ tree: JSONValue, in text: [UInt8]) -> Bool {
        let result = text.withUnsafeBytes { bytes in
            Result { () throws(JSONFault) in
                try JSONReader.read(bytes) { reader throws(JSONFault) in
                    try find(tree, &reader)
                }
            }
        }
        return (try? result.get()) ?? false
    }

    private static func find(
        _ tree: JSONValue, _ reader: inout JSONReader
    ) throws(JSONFault) -> Bool {
        var isSame = true
        switch tree {
        case .null: fatalError("the reader knows no null")
        case .boolean(let value): isSame = try reader.readBoolean() == value
        case .number: isSame = try reader.readInteger() == tree.integer
        case .string(let text): isSame = try reader.readString().elementsEqual(text)
        case .array(let elements):
            try reader.beginArray()
            for element in elements {
                guard try reader.nextElement(), try find(element, &reader) else { return false }
            }
            isSame = try !reader.nextElement()
        case .object(let members):
            try reader.beginObject()
            for member in members {
                guard let key = try reader.nextKey(), key.elementsEqual(member.key),
                    try find(member.value, &reader)
                else { return false }
            }
            isSame = try reader.nextKey() == nil
        }
        return isSame
    }

    /// Whether two trees say the same; numbers may be written differently.
    static func same(_ one: JSONValue, _ other: JSONValue) -> Bool {
        switch (one, other) {
        case (.number, .number): one.integer != nil && one.integer == other.integer
        case (.array(let ones), .array(let others)):
            ones.count == others.count && zip(ones, others).allSatisfy(same)
        case (.object(let ones), .object(let others)):
            ones.count == others.count
                && zip(ones, others).allSatisfy { $0.key == $1.key && same($0.value, $1.value) }
        default: one == other
        }
    }
}
