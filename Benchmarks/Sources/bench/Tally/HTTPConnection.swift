/// A connection to Tally over HTTP/1.1, one request after the other: for what is not measured by a load
/// generator, and for streams of lines whose total length is known before.
final class HTTPConnection {
    private let socket: Socket
    private var received: ReceivedBytes

    init(port: Int) throws {
        socket = try Socket(port: port)
        received = ReceivedBytes(from: socket)
    }

    /// Sends a request and waits for its whole answer, whatever its status.
    func answer(
        _ method: String, _ path: String, type: String = "application/json", body: String? = nil
    ) throws -> HTTPResponse {
        var head = "\(method) \(path) HTTP/1.1\r\nhost: localhost\r\n"
        if let body {
            head += "content-type: \(type)\r\ncontent-length: \(body.utf8.count)\r\n"
        }
        try socket.send(Array("\(head)\r\n\(body ?? "")".utf8))
        return try response()
    }

    /// Sends a request and returns the body of its answer.
    /// - Throws: `Fault` unless the answer is a success.
    @discardableResult
    func success(_ method: String, _ path: String, body: String? = nil) throws -> [UInt8] {
        let response = try answer(method, path, body: body)
        guard (200..<300).contains(response.status) else {
            throw Fault("\(method) \(path) is answered \(response.status): \(response.text)")
        }
        return response.body
    }

    /// Sends the head of a stream of lines; its body follows with `send`, its answer with `lastLine`.
    func startStream(_ path: String, length: Int) throws {
        let head =
            "POST \(path) HTTP/1.1\r\nhost: localhost\r\n"
            + "content-type: application/x-ndjson\r\ncontent-length: \(length)\r\n\r\n"
        try socket.send(Array(head.utf8))
    }

    /// Sends bytes of a stream, and drops what has been answered in the meantime but the end of it.
    func send(_ bytes: UnsafeRawBufferPointer) throws {
        try socket.send(bytes)
        while socket.isReadable { try received.fill() }
    }

    /// Waits for the end of a stream's answer.
    /// - Returns: its last line.
    /// - Throws: `Fault` unless that says that every line was taken.
    func lastLine(refusing refused: Int = 0) throws -> String {
        let response = try response()
        let line = response.text.split(separator: "\n").last.map(String.init) ?? ""
        guard response.status == 200, line.hasPrefix("{\"done\":true"),
            line.contains("\"refused\":\(refused),")
        else {
            throw Fault("a stream ended with \(response.status): \(line)")
        }
        return line
    }

    private func response() throws -> HTTPResponse {
        let head = try through([13, 10, 13, 10])
        let lines = String(decoding: head, as: UTF8.self).lowercased()
            .split(separator: "\r\n").map(String.init)
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else {
            throw Fault("not an HTTP answer: \(lines)")
        }
        if status == 100 { return try response() }
        if lines.contains(where: { $0.hasPrefix("transfer-encoding:") && $0.contains("chunked") }) {
            return HTTPResponse(status: status, body: try chunks())
        }
        let length = lines.first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst(15).filter(\.isNumber)) }
        return HTTPResponse(status: status, body: try received.take(length ?? 0))
    }

    private func chunks() throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let line = try through([13, 10])
            let digits = String(
                decoding: line.prefix { $0 != 13 && $0 != UInt8(ascii: ";") }, as: UTF8.self)
            guard let count = Int(digits, radix: 16) else { throw Fault("a chunk of \(digits)") }
            body += try received.take(count + 2).dropLast(2)
            if count == 0 { return body }
        }
    }

    private func through(_ mark: [UInt8]) throws -> [UInt8] {
        var searched = 0
        while true {
            let waiting = received.waiting
            while searched + mark.count <= waiting.count {
                let first = waiting.startIndex + searched
                if waiting[first..<first + mark.count].elementsEqual(mark) {
                    return try received.take(searched + mark.count)
                }
                searched += 1
            }
            try received.fill()
        }
    }
}
