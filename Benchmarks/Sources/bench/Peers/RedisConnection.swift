/// A connection to Redis, speaking its protocol (RESP2) over a plain socket.
final class RedisConnection {
    private let socket: Socket
    private var received: ReceivedBytes

    init(port: Int) throws {
        socket = try Socket(port: port)
        received = ReceivedBytes(from: socket)
        guard try call("PING") == .text("PONG") else { throw Fault("Redis does not answer PING") }
    }

    var descriptor: Int32 { socket.descriptor }

    func call(_ words: String...) throws -> RedisReply {
        try socket.send(Self.command(words))
        return try reply()
    }

    /// The bytes of one command.
    static func command(_ words: [String]) -> [UInt8] {
        var bytes = Array("*\(words.count)\r\n".utf8)
        for word in words {
            bytes += Array("$\(word.utf8.count)\r\n".utf8) + Array(word.utf8) + Array("\r\n".utf8)
        }
        return bytes
    }

    func send(_ bytes: UnsafeRawBufferPointer) throws {
        try socket.send(bytes)
    }

    func reply() throws -> RedisReply {
        let line = try line()
        let rest = line.dropFirst()
        switch line.first {
        case "+": return .text(String(rest))
        case "-": throw Fault("Redis: \(rest)")
        case ":": return .integer(Int(rest) ?? 0)
        case "$":
            guard let count = Int(rest), count >= 0 else { return .none }
            return .text(String(decoding: try received.take(count + 2).dropLast(2), as: UTF8.self))
        case "*":
            return .array(try (0..<(Int(rest) ?? 0)).map { _ in try reply() })
        default: throw Fault("Redis answers \(line)")
        }
    }

    /// Receives once, and counts the whole answers in it, which must be integers below ten, such as
    /// the function's results: four bytes each.
    func smallIntegers(_ seen: (Int) -> Void) throws -> Int {
        try received.fill()
        var count = 0
        while received.waiting.count >= 4 {
            let reply = received.waiting.prefix(4)
            let first = reply.startIndex
            guard reply[first] == UInt8(ascii: ":"), reply[first + 2] == UInt8(ascii: "\r") else {
                _ = try self.reply()
                throw Fault("Redis answers with something else than a small integer")
            }
            seen(Int(reply[first + 1] &- UInt8(ascii: "0")))
            received.drop(4)
            count += 1
        }
        return count
    }

    private func line() throws -> String {
        while true {
            let waiting = received.waiting
            if let feed = waiting.firstIndex(of: UInt8(ascii: "\n")) {
                received.drop(feed + 1 - waiting.startIndex)
                return String(decoding: waiting[..<(feed - 1)], as: UTF8.self)
            }
            try received.fill()
        }
    }
}
