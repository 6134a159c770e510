/// Gathers the response fields whose values differ from answer to answer. One per connection,
/// reused: nothing is allocated for a field once the storage has grown.
package final class FieldWriter {
    struct Field {
        var name: StaticString
        var start: Int
        var count: Int
    }

    @exclusivity(unchecked) private(set) var fields: [Field] = []
    /// `:path` of a request. It stands with the pseudo-header fields, before the others.
    private(set) var path: Field?
    @exclusivity(unchecked) private(set) var bytes: [UInt8] = []

    package init() {}

    /// `name` in lower case. `value` is a legal field value: no line break, no other control
    /// character.
    package func add(_ name: StaticString, _ value: String) {
        let start = bytes.count
        bytes.append(contentsOf: value.utf8)
        fields.append(Field(name: name, start: start, count: bytes.count - start))
    }

    package func add(_ name: StaticString, bytes value: UnsafeRawBufferPointer) {
        fields.append(Field(name: name, start: bytes.count, count: value.count))
        bytes.append(contentsOf: value)
    }

    package func add(_ name: StaticString, decimal: UInt64) {
        let start = bytes.count
        var power: UInt64 = 1
        while decimal / power >= 10 { power *= 10 }
        while power > 0 {
            bytes.append(UInt8(truncatingIfNeeded: 0x30 + decimal / power % 10))
            power /= 10
        }
        fields.append(Field(name: name, start: start, count: bytes.count - start))
    }

    package func addPath(_ value: UnsafeRawBufferPointer) {
        path = Field(name: ":path", start: bytes.count, count: value.count)
        bytes.append(contentsOf: value)
    }

    package func removeAll() {
        path = nil
        fields.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }

    func value(_ field: Field) -> String {
        String(decoding: bytes[field.start..<field.start + field.count], as: UTF8.self)
    }
}
