/// Reads what `ByteWriter` wrote. Whatever the bytes are, it returns or throws, and never reads
/// beyond them.
package struct ByteReader {
    /// The bytes are not of the form that is read.
    package struct Malformed: Error {}

    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    /// - Parameter bytes: must stay valid while the reader is used.
    package init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    package var isAtEnd: Bool { offset == bytes.count }

    mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type
    ) throws(Malformed) -> Value {
        let size = MemoryLayout<Value>.size
        guard bytes.count - offset >= size else { throw Malformed() }
        defer { offset += size }
        return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
    }

    mutating func string() throws(Malformed) -> [UInt8] {
        let count = Int(try integer(UInt32.self))
        guard bytes.count - offset >= count else { throw Malformed() }
        defer { offset += count }
        return Array(bytes[offset..<offset + count])
    }

    mutating func optional<Value>(
        _ body: (inout ByteReader) throws(Malformed) -> Value
    ) throws(Malformed) -> Value? {
        switch try integer(UInt8.self) {
        case 0: nil
        case 1: try body(&self)
        default: throw Malformed()
        }
    }

    mutating func list<Value>(
        _ body: (inout ByteReader) throws(Malformed) -> Value
    ) throws(Malformed) -> [Value] {
        let count = try integer(UInt32.self)
        var values: [Value] = []
        for _ in 0..<count { values.append(try body(&self)) }
        return values
    }

    mutating func raw<Value: RawRepresentable>(
        _ type: Value.Type
    ) throws(Malformed) -> Value where Value.RawValue == UInt8 {
        guard let value = Value(rawValue: try integer(UInt8.self)) else { throw Malformed() }
        return value
    }
}
