/// A connection to PostgreSQL, speaking its protocol (version 3) over a socket in the file system.
final class PostgresConnection {
    private let socket: Socket
    private var received: ReceivedBytes

    init(path: String) throws {
        socket = try Socket(path: path)
        received = ReceivedBytes(from: socket)
        var startup: [UInt8] = []
        startup.append(bigEndian: Int32(196_608))
        for word in ["user", "postgres", "database", "postgres", ""] {
            startup += Array(word.utf8) + [0]
        }
        var framed: [UInt8] = []
        framed.append(bigEndian: Int32(startup.count + 4))
        try socket.send(framed + startup)
        _ = try untilReady()
    }

    /// Runs statements and returns the rows of all of them, as text.
    @discardableResult
    func query(_ statements: String) throws -> [[String?]] {
        try socket.send(PostgresMessage.query(statements))
        return try untilReady()
    }

    /// Sends messages that end with one that PostgreSQL answers by being ready again.
    @discardableResult
    func exchange(_ messages: [UInt8]) throws -> [[String?]] {
        try socket.send(messages)
        return try untilReady()
    }

    /// Waits until the statement asks for the data of a `COPY`.
    func startCopy(_ statement: [UInt8]) throws {
        try socket.send(statement)
        while true {
            let (kind, payload) = try message()
            switch kind {
            case UInt8(ascii: "G"): return
            case UInt8(ascii: "E"): throw Self.fault(payload)
            default: continue
            }
        }
    }

    private func untilReady() throws -> [[String?]] {
        var rows: [[String?]] = []
        var failure: Fault?
        while true {
            let (kind, payload) = try message()
            switch kind {
            case UInt8(ascii: "D"): rows.append(Self.row(payload))
            case UInt8(ascii: "E"): failure = Self.fault(payload)
            case UInt8(ascii: "Z"):
                if let failure { throw failure }
                return rows
            default: continue
            }
        }
    }

    private func message() throws -> (kind: UInt8, payload: [UInt8]) {
        let head = try received.take(5)
        let length = Int(Self.word(head[1...]))
        return (head[0], try received.take(length - 4))
    }

    private static func row(_ payload: [UInt8]) -> [String?] {
        var rest = payload[2...]
        var row: [String?] = []
        while rest.count >= 4 {
            let length = word(rest.prefix(4))
            rest = rest.dropFirst(4)
            guard length >= 0 else {
                row.append(nil)
                continue
            }
            row.append(String(decoding: rest.prefix(Int(length)), as: UTF8.self))
            rest = rest.dropFirst(Int(length))
        }
        return row
    }

    private static func word(_ bytes: ArraySlice<UInt8>) -> Int32 {
        Int32(bitPattern: bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
    }

    private static func fault(_ payload: [UInt8]) -> Fault {
        let fields = payload.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        return Fault("PostgreSQL: \(fields.joined(separator: ", "))")
    }
}
