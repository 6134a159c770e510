package import NIOCore
package import TallyActors

extension ByteBuffer {
    /// Writes a field of RFC 4180, in quotes where it must be. Identifiers have no line breaks.
    package mutating func writeCSVField(_ text: Identifier) {
        let quote = UInt8(ascii: "\"")
        guard text.bytes.contains(where: { $0 == quote || $0 == UInt8(ascii: ",") }) else {
            writeBytes(text.bytes)
            return
        }
        writeInteger(quote)
        for byte in text.bytes {
            if byte == quote { writeInteger(quote) }
            writeInteger(byte)
        }
        writeInteger(quote)
    }
}
