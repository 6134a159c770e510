import Gateway
import NIOCore
import Testing

/// What a port that speaks TLS says to others.
@Suite struct CleartextDetectorTests {
    private func withSecureServer(_ body: (_ port: Int) async throws -> Void) async throws {
        let certificate = try TestCertificate("one")
        let identity = try TLSIdentity(
            TLSMaterial(certificates: certificate.pem, key: certificate.key))
        try await withServer(tls: identity) { port, log, _ in
            try await body(port)
            #expect(log.counts.begun == 0)
        }
    }

    @Test(
        "tells HTTP in the clear what it wants, and closes",
        arguments: [
            "GET /bytes/3 HTTP/1.1\r\nhost: t\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "P",
        ])
    func cleartext(said: String) async throws {
        try await withSecureServer { port in
            let socket = try await RawSocket.connect(port: port)
            try await socket.send(said)
            let answer = await socket.receive()
            #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
            let parts = answer.components(separatedBy: "\r\n\r\n")
            try #require(parts.count == 2)
            #expect(parts[0].contains("\r\ncontent-length: \(parts[1].utf8.count)\r\n"))
            #expect(
                parts[1] == """
                    {"type":"/problems/malformed","title":"Malformed","status":400,\
                    "detail":"this port speaks TLS: use https://"}
                    """)
        }
    }

    @Test func theAnswerArrivesAlthoughMoreIsSent() async throws {
        try await withSecureServer { port in
            let socket = try await RawSocket.connect(port: port)
            // In one piece, which buffers hold: the server does not wait for us for long.
            let body = String(repeating: "x", count: 64 << 10)
            try await socket.send("POST /count HTTP/1.1\r\nhost: t\r\n\r\n" + body)
            let answer = await socket.receive(until: "}")
            #expect(answer.hasPrefix("HTTP/1.1 400 "))
        }
    }

    @Test("closes what is neither", arguments: ["\u{1}\u{2}\u{3}", "get / HTTP/1.1\r\n\r\n"])
    func neither(said: String) async throws {
        try await withSecureServer { port in
            let socket = try await RawSocket.connect(port: port)
            try await socket.send(said)
            let answer = await socket.receive()
            #expect(!answer.hasPrefix("HTTP/"))
        }
    }
}
