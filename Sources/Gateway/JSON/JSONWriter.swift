package import NIOCore
package import TallyActors

/// Writes JSON as bytes into a buffer, in the order in which it is told.
///
/// It sets commas, quotes and escapes; that keys and values alternate and that what is opened is
/// closed is its caller's business.
package struct JSONWriter {
    package var buffer: ByteBuffer
    private var needsComma = false

    /// - Parameter buffer: what is written is appended to it.
    package init(_ buffer: ByteBuffer) {
        self.buffer = buffer
    }

    /// Takes the buffer over, so that it is not copied when it is written to; its caller puts
    /// `buffer` back when it has written.
    package init(taking buffer: inout ByteBuffer) {
        self.buffer = buffer
        buffer = ByteBuffer()
    }

    package mutating func beginObject() { open(UInt8(ascii: "{")) }
    package mutating func endObject() { close(UInt8(ascii: "}")) }
    package mutating func beginArray() { open(UInt8(ascii: "[")) }
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    /// - Parameter name: ASCII that needs no escapes.
    package mutating func key(_ name: StaticString) {
        let length = name.utf8CodeUnitCount
        let comma = needsComma ? 1 : 0
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: length + 4) { bytes in
            bytes[0] = UInt8(ascii: ",")
            bytes[comma] = UInt8(ascii: "\"")
            let name = UnsafeRawBufferPointer(start: name.utf8Start, count: length)
            UnsafeMutableRawBufferPointer(rebasing: bytes[(comma + 1)...]).copyMemory(from: name)
            bytes[comma + length + 1] = UInt8(ascii: "\"")
            bytes[comma + length + 2] = UInt8(ascii: ":")
            return comma + length + 3
        }
        needsComma = false
    }

    package mutating func key(_ name: UnsafeRawBufferPointer) {
        string(name)
        buffer.writeInteger(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func key(_ name: String) {
        var name = name
        name.withUTF8 { key(UnsafeRawBufferPointer($0)) }
    }

    package mutating func key(_ name: Identifier) {
        name.bytes.withUnsafeBytes { key($0) }
    }

    /// - Parameter text: valid UTF-8.
    package mutating func string(_ text: UnsafeRawBufferPointer) {
        separate()
        buffer.writeJSONString(text)
    }

    package mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { string(UnsafeRawBufferPointer($0)) }
    }

    package mutating func string(_ text: Identifier) {
        text.bytes.withUnsafeBytes { string($0) }
    }

    package mutating func integer(_ value: UInt64) {
        separate()
        buffer.writeDecimal(value)
    }

    package mutating func integer(_ value: Int64) {
        separate()
        if value < 0 { buffer.writeInteger(UInt8(ascii: "-")) }
        buffer.writeDecimal(value.magnitude)
    }

    package mutating func boolean(_ value: Bool) {
        separate()
        buffer.writeStaticString(value ? "true" : "false")
    }

    /// As RFC 3339 in UTC with milliseconds.
    package mutating func instant(_ value: Instant) {
        separate()
        buffer.writeInteger(UInt8(ascii: "\""))
        buffer.writeInstant(value)
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    package mutating func null() {
        separate()
        buffer.writeStaticString("null")
    }

    /// Ends a line of NDJSON.
    package mutating func newline() {
        buffer.writeInteger(UInt8(ascii: "\n"))
        needsComma = false
    }

    private mutating func open(_ byte: UInt8) {
        separate()
        buffer.writeInteger(byte)
        needsComma = false
    }

    private mutating func close(_ byte: UInt8) {
        buffer.writeInteger(byte)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { buffer.writeInteger(UInt8(ascii: ",")) }
        needsComma = true
    }
}
