import Gateway
import Testing

/// The server against clients that are not ours.
@Suite struct HTTP2ServerTests {
    private func curl(_ arguments: String..., port: Int, path: String) async throws -> Tool {
        var all = ["-s", "--http2-prior-knowledge"]
        all += arguments
        all.append("http://127.0.0.1:\(port)\(path)")
        return try await Tool.run("curl", all)
    }

    @Test func aRequestIsAnsweredWithStatusFieldsAndBody() async throws {
        try await withServer { port, _, _ in
            let answer = try await curl("-i", "-d", "12345", port: port, path: "/count")
            #expect(answer.output.hasPrefix("HTTP/2 200"))
            #expect(answer.output.contains("content-type: text/plain\r\n"))
            #expect(answer.output.contains("tally-sequence: 5\r\n"))
            #expect(answer.output.contains("content-length: 2\r\n"))
            #expect(answer.output.hasSuffix("\r\n\r\n5\n"))
        }
    }

    @Test func headHasTheLengthAndNoBody() async throws {
        try await withServer { port, _, _ in
            let answer = try await curl("-I", port: port, path: "/bytes/70000")
            #expect(answer.status == 0)
            #expect(answer.output.contains("content-length: 70000\r\n"))
            #expect(answer.output.hasSuffix("\r\n\r\n"))
        }
    }

    @Test func bigBodiesGoBothWays() async throws {
        try await withServer { port, _, _ in
            let file = try TemporaryFile(bytes: 20 << 20)
            let up = try await curl("--data-binary", "@\(file.path)", port: port, path: "/count")
            #expect(up.output == "\(20 << 20)\n")
            let down = try await curl(
                "-o", "/dev/null", "-w", "%{size_download}", port: port, path: "/bytes/20000000")
            #expect(down.output == "20000000")
            let both = try await curl(
                "--data-binary", "@\(file.path)", "-o", "/dev/null", "-w", "%{size_download}",
                port: port, path: "/echo")
            #expect(both.output == "\(20 << 20)")
        }
    }

    @Test func aThousandRequestsShareOneConnection() async throws {
        try await withServer { port, log, _ in
            let load = try await Tool.run(
                "h2load", "-c1", "-m50", "-n1000", "http://127.0.0.1:\(port)/bytes/100")
            #expect(load.output.contains("1000 succeeded"))
            #expect(try await log.reaches { $0.connectionsClosed == 1 })
            #expect(log.counts.ended == 1000)
            #expect(log.counts.aborted == 0)
        }
    }

    @Test func manyConnectionsAreServedOnSeveralLoops() async throws {
        try await withServer(eventLoops: 2) { port, _, _ in
            let load = try await Tool.run(
                "h2load", "-c20", "-m100", "-n20000", "http://127.0.0.1:\(port)/bytes/1000")
            #expect(load.output.contains("20000 succeeded"))
            #expect(load.output.contains("20000 2xx"))
        }
    }

    @Test func nghttpUnderstandsTheFrames() async throws {
        try await withServer { port, _, _ in
            let answer = try await Tool.run(
                "nghttp", "-v", "-n", "http://127.0.0.1:\(port)/bytes/70000")
            #expect(answer.output.contains("SETTINGS_MAX_CONCURRENT_STREAMS(0x03):256"))
            #expect(answer.output.contains("SETTINGS_INITIAL_WINDOW_SIZE(0x04):1048576"))
            #expect(answer.output.contains(":status: 200"))
        }
    }

    @Test func fieldsThatAreTooManyOrTooLongAreRefused() async throws {
        try await withServer { port, log, _ in
            let long = try await curl(
                "-i", "-H", "x-long: \(String(repeating: "a", count: 17_000))", port: port,
                path: "/count")
            #expect(long.output.hasPrefix("HTTP/2 431"))
            #expect(long.output.contains("content-type: application/problem+json"))
            #expect(long.output.contains("\"type\":\"/problems/header-too-large\""))
            #expect(log.counts.begun == 0)
            let many = try await Tool.run(
                "curl",
                ["-s", "-i", "--http2-prior-knowledge"]
                    + (0..<70).flatMap { ["-H", "x-\($0): 1"] } + ["http://127.0.0.1:\(port)/count"]
            )
            #expect(many.output.hasPrefix("HTTP/2 431"))
            // The connection goes on.
            let next = try await curl(port: port, path: "/bytes/3")
            #expect(next.output == "aaa")
        }
    }

    @Test func theFieldsThatMatterAreKeptAndJoined() async throws {
        try await withServer { port, _, _ in
            let answer = try await curl(
                "-H", "if-none-match: \"a\"", "-H", "if-none-match: \"b\"", "-H",
                "accept: text/csv",
                "-H", "authorization: Bearer t", "-H", "origin: http://o", "-H", "last-event-id: 7",
                "-H", "if-match: \"c\"", "-H", "traceparent: 00-1-2-01", "-H", "content-type: a/b",
                port: port, path: "/fields")
            #expect(
                answer.output == """
                    accept=text/csv
                    authorization=Bearer t
                    contentType=a/b
                    expect=-
                    host=127.0.0.1:\(port)
                    ifMatch="c"
                    ifNoneMatch="a", "b"
                    lastEventID=7
                    origin=http://o
                    traceparent=00-1-2-01

                    """)
        }
    }

    @Test func anExpectationIsMetBeforeTheBody() async throws {
        try await withServer { port, _, _ in
            let answer = try await curl(
                "-i", "-H", "expect: 100-continue", "-d", "abc", port: port, path: "/count")
            #expect(answer.output.hasPrefix("HTTP/2 100"))
            #expect(answer.output.hasSuffix("\r\n\r\n3\n"))
        }
    }

    @Test func aProblemIsWellFormedJSON() async throws {
        try await withServer { port, _, _ in
            let answer = try await curl(port: port, path: "/nowhere")
            #expect(
                answer.output == #"{"type":"/problems/not-found","title":"Not found","status":404,"#
                    + #""detail":"there is no \"such\" route"}"#)
        }
    }

    @Test func anAnswerBeforeTheEndOfTheRequestArrivesWhole() async throws {
        try await withServer { port, _, _ in
            let file = try TemporaryFile(bytes: 5 << 20)
            let answer = try await curl(
                "-i", "--data-binary", "@\(file.path)", port: port, path: "/early")
            #expect(answer.output.hasPrefix("HTTP/2 404"))
            #expect(answer.output.contains("/problems/not-found"))
        }
    }

    @Test func anAnswerFromOutsideOfAReadIsSent() async throws {
        try await withServer { port, _, _ in
            let answer = try await curl(port: port, path: "/later")
            #expect(answer.output == "later\n")
        }
    }
}
