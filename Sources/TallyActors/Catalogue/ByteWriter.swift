/// Writes the project's own binary form: fixed-width little-endian integers; byte strings with a
/// 32-bit length before them; an optional with a byte 0 or 1 before it.
package struct ByteWriter {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    mutating func integer<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func string(_ value: some Collection<UInt8>) {
        integer(UInt32(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func optional<Value>(_ value: Value?, _ body: (inout ByteWriter, Value) -> Void) {
        guard let value else { return integer(UInt8(0)) }
        integer(UInt8(1))
        body(&self, value)
    }

    mutating func list<Value>(_ values: [Value], _ body: (inout ByteWriter, Value) -> Void) {
        integer(UInt32(values.count))
        for value in values { body(&self, value) }
    }
}
