/// The bytes of the messages that the load sends to PostgreSQL.
enum PostgresMessage {
    static func query(_ statements: String) -> [UInt8] {
        framed("Q", Array(statements.utf8) + [0])
    }

    /// Names a statement with parameters.
    static func prepare(_ name: String, _ statement: String) -> [UInt8] {
        framed("P", Array(name.utf8) + [0] + Array(statement.utf8) + [0, 0, 0]) + framed("S", [])
    }

    /// Runs a named statement once, with these values of its parameters in binary form.
    static func execute(_ name: String, _ parameters: [[UInt8]]) -> [UInt8] {
        var bind: [UInt8] = [0] + Array(name.utf8) + [0]
        bind.append(bigEndian: Int16(1))
        bind.append(bigEndian: Int16(1))
        bind.append(bigEndian: Int16(parameters.count))
        for parameter in parameters {
            bind.append(bigEndian: Int32(parameter.count))
            bind += parameter
        }
        bind.append(bigEndian: Int16(0))
        return framed("B", bind) + framed("E", [0, 0, 0, 0, 0]) + framed("S", [])
    }

    static func copyData(_ bytes: [UInt8]) -> [UInt8] { framed("d", bytes) }

    static func copyDone() -> [UInt8] { framed("c", []) }

    /// A one-dimensional array in binary form.
    /// - Parameter element: the type's number in PostgreSQL's catalogue.
    static func array(of element: Int32, _ elements: [[UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = []
        for word in [1, 0, element, Int32(elements.count), 1] { bytes.append(bigEndian: word) }
        for value in elements {
            bytes.append(bigEndian: Int32(value.count))
            bytes += value
        }
        return bytes
    }

    private static func framed(_ kind: Character, _ payload: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = [kind.asciiValue!]
        bytes.append(bigEndian: Int32(payload.count + 4))
        return bytes + payload
    }
}

extension [UInt8] {
    mutating func append(bigEndian word: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: word.bigEndian) { append(contentsOf: $0) }
    }
}
