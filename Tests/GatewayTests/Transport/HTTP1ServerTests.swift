import Gateway
import Testing

@Suite struct HTTP1ServerTests {
    private func answer(_ request: String, limits: TransportLimits = TransportLimits()) async throws
        -> String
    {
        var received = ""
        try await withServer(limits: limits) { port, _, _ in
            let socket = try await RawSocket.connect(port: port)
            try await socket.send(request)
            received = await socket.receive()
        }
        return received
    }

    private func curl(_ arguments: String..., port: Int, path: String) async throws -> Tool {
        try await Tool.run(
            "curl", ["-s", "--http1.1"] + arguments + ["http://127.0.0.1:\(port)\(path)"])
    }

    @Test func curlGetsStatusFieldsAndBody() async throws {
        try await withServer { port, _, _ in
            let answer = try await curl("-i", "-d", "12345", port: port, path: "/count")
            #expect(
                answer.output == "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n"
                    + "tally-sequence: 5\r\ncontent-length: 2\r\n\r\n5\n")
        }
    }

    @Test func bigBodiesGoBothWays() async throws {
        try await withServer { port, _, _ in
            let file = try TemporaryFile(bytes: 20 << 20)
            let up = try await curl("--data-binary", "@\(file.path)", port: port, path: "/count")
            #expect(up.output == "\(20 << 20)\n")
            let chunked = try await curl(
                "-H", "transfer-encoding: chunked", "--data-binary", "@\(file.path)", port: port,
                path: "/count")
            #expect(chunked.output == "\(20 << 20)\n")
            let down = try await curl(
                "-o", "/dev/null", "-w", "%{size_download}", port: port, path: "/bytes/20000000")
            #expect(down.output == "20000000")
            let both = try await curl(
                "--data-binary", "@\(file.path)", "-o", "/dev/null", "-w", "%{size_download}",
                port: port, path: "/echo")
            #expect(both.output == "\(20 << 20)")
        }
    }

    @Test func oneConnectionServesManyRequests() async throws {
        try await withServer { port, log, _ in
            let urls = (0..<50).map { "http://127.0.0.1:\(port)/bytes/\($0)" }
            let tool = try await Tool.run("curl", ["-s", "--http1.1"] + urls)
            #expect(tool.output.utf8.count == (0..<50).reduce(0, +))
            #expect(try await log.reaches { $0.connectionsClosed == 1 })
            #expect(log.counts.ended == 50)
        }
    }

    @Test func pipelinedRequestsAreAnsweredInTheirOrder() async throws {
        func get(_ path: String) -> String { "GET \(path) HTTP/1.1\r\nhost: t\r\n\r\n" }
        let received = try await answer(
            get("/later") + get("/bytes/1")
                + "POST /count HTTP/1.1\r\nhost: t\r\ncontent-length: 4\r\n\r\nabcd"
                + get("/later")
                + "GET /bytes/2 HTTP/1.1\r\nhost: t\r\nconnection: close\r\n\r\n")
        let bodies = received.split(separator: "HTTP/1.1 200 OK").map {
            $0.split(separator: "\r\n\r\n", maxSplits: 1).last ?? ""
        }
        #expect(bodies == ["later\n", "a", "4\n", "later\n", "aa"])
    }

    @Test func manyPipelinedRequestsAreAnswered() async throws {
        let one = "GET /bytes/10 HTTP/1.1\r\nhost: t\r\n\r\n"
        let received = try await answer(
            String(repeating: one, count: 5000)
                + "GET /bytes/0 HTTP/1.1\r\nhost: t\r\nconnection: close\r\n\r\n")
        // One status line each, and nothing else has the letter.
        #expect(received.utf8.count { $0 == UInt8(ascii: "H") } == 5001)
    }

    @Test func aStreamedAnswerIsChunked() async throws {
        let received = try await answer(
            "POST /echo HTTP/1.1\r\nhost: t\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n0\r\n\r\n")
        #expect(received.contains("transfer-encoding: chunked\r\n"))
        #expect(received.hasSuffix("\r\n\r\n3\r\nabc\r\n0\r\n\r\n"))
    }

    @Test func anOfferToUpgradeIsAnsweredAndTheConnectionClosed() async throws {
        let received = try await answer(
            "GET /bytes/3 HTTP/1.1\r\nhost: t\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n")
        #expect(received.contains("connection: close\r\n"))
        #expect(received.hasSuffix("aaa"))
    }

    @Test func headHasTheLengthAndNoBody() async throws {
        let received = try await answer(
            "HEAD /bytes/70000 HTTP/1.1\r\nhost: t\r\n\r\n"
                + "HEAD /stream HTTP/1.1\r\nhost: t\r\nconnection: close\r\n\r\n")
        #expect(received.contains("content-length: 70000\r\n"))
        #expect(!received.contains("aaa"))
        #expect(!received.contains("first"))
    }

    @Test func anExpectationIsMetBeforeTheBody() async throws {
        try await withServer { port, _, _ in
            for path in ["/count", "/echo"] {
                let socket = try await RawSocket.connect(port: port)
                try await socket.send(
                    "POST \(path) HTTP/1.1\r\nhost: t\r\ncontent-length: 3\r\nexpect: 100-continue\r\n"
                        + "connection: close\r\n\r\n")
                let interim = await socket.receive(until: "100 Continue\r\n\r\n")
                #expect(interim.hasPrefix("HTTP/1.1 100 Continue\r\n\r\n"))
                try await socket.send("abc")
                let rest = await socket.receive()
                #expect((interim + rest).contains("HTTP/1.1 200 OK"))
            }
        }
    }

    @Test func anAnswerToAnExpectationClosesTheConnection() async throws {
        let received = try await answer(
            "POST /early HTTP/1.1\r\nhost: t\r\ncontent-length: 3\r\nexpect: 100-continue\r\n\r\n")
        #expect(received.hasPrefix("HTTP/1.1 404 Not Found\r\n"))
        #expect(received.contains("connection: close\r\n"))
    }

    @Test func theRestOfAnAnsweredRequestIsDroppedWhenItIsSmall() async throws {
        let received = try await answer(
            "POST /early HTTP/1.1\r\nhost: t\r\ncontent-length: 5\r\n\r\nabcde"
                + "GET /bytes/3 HTTP/1.1\r\nhost: t\r\nconnection: close\r\n\r\n")
        #expect(received.contains("404 Not Found"))
        #expect(received.hasSuffix("aaa"))
    }

    @Test func aClientThatClosesItsSideStillGetsItsAnswers() async throws {
        try await withServer { port, _, _ in
            let socket = try await RawSocket.connect(port: port)
            try await socket.send(
                "GET /later HTTP/1.1\r\nhost: t\r\n\r\nGET /bytes/3 HTTP/1.1\r\nhost: t\r\n\r\n")
            socket.shutdownOutput()
            let received = await socket.receive()
            #expect(received.contains("later\n"))
            #expect(received.hasSuffix("aaa"))
        }
    }

    @Test func aRequestThatBreaksOffIsAborted() async throws {
        try await withServer { port, log, _ in
            do {
                let socket = try await RawSocket.connect(port: port)
                try await socket.send(
                    "POST /count HTTP/1.1\r\nhost: t\r\ncontent-length: 10\r\n\r\nabc")
                #expect(try await log.reaches { $0.received == 3 })
            }
            #expect(try await log.reaches { $0.connectionsClosed == 1 })
            #expect(log.counts.aborted == 1)
        }
    }

    @Test(arguments: [
        "HELLO\r\n\r\n", "GET / HTTP/1.1\r\nhost: t\r\nbad header\r\n\r\n",
        "\u{1}\u{2}\u{3}\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
        "POST /count HTTP/1.1\r\nhost: t\r\ncontent-length: x\r\n\r\n",
        "POST /count HTTP/1.1\r\nhost: t\r\ntransfer-encoding: chunked\r\n\r\nnonsense\r\n",
    ])
    func whatIsNoRequestIsAProblem(_ request: String) async throws {
        let received = try await answer(request)
        #expect(received.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(received.contains("content-type: application/problem+json\r\n"))
        #expect(received.contains("{\"type\":\"/problems/malformed\""))
    }

    @Test func aBadRequestAfterGoodOnesIsAnsweredAfterThem() async throws {
        let received = try await answer(
            "GET /later HTTP/1.1\r\nhost: t\r\n\r\nNONSENSE\r\n\r\n")
        #expect(received.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(received.contains("later\nHTTP/1.1 400 Bad Request\r\n"))
    }

    @Test func fieldsThatAreTooManyOrTooLongAreRefused() async throws {
        let fields = [
            "x-long: \(String(repeating: "a", count: 20_000))\r\n",
            (0..<70).map { "x-\($0): 1\r\n" }.joined(),
            (0..<50).map { "x-\($0): \(String(repeating: "a", count: 500))\r\n" }.joined(),
        ]
        for field in fields {
            let received = try await answer("GET /bytes/3 HTTP/1.1\r\nhost: t\r\n\(field)\r\n")
            #expect(received.hasPrefix("HTTP/1.1 431 "))
            #expect(received.contains("/problems/header-too-large"))
        }
        let target = try await answer(
            "GET /\(String(repeating: "a", count: 20_000)) HTTP/1.1\r\nhost: t\r\n\r\n")
        #expect(target.hasPrefix("HTTP/1.1 431 "))
    }

    @Test func aTargetInAbsoluteFormIsCutToItsPath() async throws {
        let received = try await answer(
            "GET http://test/bytes/4 HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n")
        #expect(received.hasSuffix("\r\n\r\naaaa"))
    }

    @Test func http10IsAnsweredAndClosed() async throws {
        let received = try await answer("GET /bytes/4 HTTP/1.0\r\n\r\n")
        #expect(received.hasPrefix("HTTP/1.0 200 OK\r\n"))
        #expect(received.hasSuffix("aaaa"))
        let streamed = try await answer("POST /echo HTTP/1.0\r\ncontent-length: 3\r\n\r\nabc")
        #expect(!streamed.contains("chunked"))
        #expect(streamed.hasSuffix("\r\n\r\nabc"))
    }

    @Test func aSlowReaderIsNotReadFrom() async throws {
        try await withServer { port, log, _ in
            let socket = try await RawSocket.connect(port: port)
            let count = 60 << 20
            try await socket.send(
                "POST /echo HTTP/1.1\r\nhost: t\r\ncontent-length: \(count)\r\n\r\n")
            async let sent: Void = socket.send(String(repeating: "x", count: 1 << 20), times: 60)
            #expect(try await log.reaches { $0.received > 0 })
            // What fits into the buffers of both sides is taken, and no more.
            var last = -1
            while log.counts.received != last {
                last = log.counts.received
                try await Task.sleep(for: .milliseconds(300))
            }
            #expect(last < 40 << 20)
            let received = await socket.receiveCount(until: "\r\n0\r\n\r\n")
            #expect(received >= count)
            try await sent
            #expect(log.counts.received == count)
        }
    }
}
