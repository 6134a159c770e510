import Gateway
import NIOCore
import Testing

@Suite struct DrainTests {
    @Test func aStreamGetsItsLastLinesAndBothGoAways() async throws {
        try await withServer(drainsItself: true) { port, log, server in
            async let client = Hyper.run(
                """
                start()
                request(1, "GET", "/stream")
                for kind, flags, stream, payload in frames():
                    if kind == 0: print("data", payload, flags)
                    if kind == 7: print("goaway", int.from_bytes(payload[:4], "big"), int.from_bytes(payload[4:8], "big"))
                print("closed")
                """, port: port)
            #expect(try await log.reaches { $0.begun == 1 && $0.ended == 1 })
            try await Task.sleep(for: .milliseconds(50))
            await server.drain(gracePeriod: .seconds(5))
            let output = try await client
            #expect(
                output == """
                    data b'first\\n' 0
                    goaway 2147483647 0
                    data b'last\\n' 1
                    goaway 1 0
                    closed

                    """)
            #expect(log.counts.connectionsClosed == 1)
            #expect(log.counts.aborted == 0)
        }
    }

    @Test func aRequestThatNeverEndsIsCutAfterTheGracePeriod() async throws {
        try await withServer(drainsItself: true) { port, log, server in
            async let client = Tool.run(
                "curl", "-s", "--http2-prior-knowledge", "http://127.0.0.1:\(port)/never")
            #expect(try await log.reaches { $0.begun == 1 })
            let start = ContinuousClock.now
            await server.drain(gracePeriod: .milliseconds(300))
            let elapsed = ContinuousClock.now - start
            #expect(elapsed >= .milliseconds(290) && elapsed < .seconds(10))
            let status = try await client.status
            #expect(status != 0)
            #expect(log.counts.aborted == 1)
        }
    }

    @Test func anAnsweredStreamWhoseClientStillSendsDoesNotHoldTheDrainUp() async throws {
        try await withServer(drainsItself: true) { port, log, server in
            async let client = Hyper.run(
                """
                start()
                request(1, "POST", "/early", end=False)
                for kind, flags, stream, payload in frames():
                    if kind == 3: print("reset", payload[3])
                """, port: port)
            #expect(try await log.reaches { $0.begun == 1 })
            let start = ContinuousClock.now
            await server.drain(gracePeriod: .seconds(30))
            #expect(ContinuousClock.now - start < .seconds(10))
            let output = try await client
            #expect(output == "reset 0\n")
        }
    }

    @Test func idleConnectionsOfBothProtocolsCloseAtOnce() async throws {
        try await withServer(drainsItself: true) { port, log, server in
            let silent = try await RawSocket.connect(port: port)
            let plain = try await RawSocket.connect(port: port)
            try await plain.send("GET /bytes/3 HTTP/1.1\r\nhost: t\r\n\r\n")
            let first = await plain.receive(until: "aaa")
            #expect(first.hasSuffix("aaa"))
            let start = ContinuousClock.now
            async let drained: Void = server.drain(gracePeriod: .seconds(20))
            let rest = await [plain.receive(), silent.receive()]
            #expect(rest == ["", ""])
            plain.shutdownOutput()
            await drained
            #expect(ContinuousClock.now - start < .seconds(10))
            #expect(log.counts.connectionsClosed == 1)
        }
    }

    @Test func aStreamOfHTTP1GetsItsLastLines() async throws {
        try await withServer(drainsItself: true) { port, log, server in
            async let client = Tool.run("curl", "-s", "http://127.0.0.1:\(port)/stream")
            #expect(try await log.reaches { $0.ended == 1 })
            await server.drain(gracePeriod: .seconds(5))
            let answer = try await client
            #expect(answer.output == "first\nlast\n")
            #expect(answer.status == 0)
        }
    }

    @Test func afterTheDrainNobodyListens() async throws {
        try await withServer(drainsItself: true) { port, _, server in
            await server.drain(gracePeriod: .seconds(1))
            await #expect(throws: RawSocket.Failure.self) {
                try await RawSocket.connect(port: port)
            }
        }
    }

    @Test func aPortInUseIsAnError() async throws {
        try await withServer { port, log, _ in
            let second = HTTPServer(
                configuration: HTTPServerConfiguration(port: port, eventLoops: 1),
                logger: .init(label: "transport-tests")
            ) { RouteResponder(log: log, connection: $0) }
            await #expect(throws: (any Error).self) { try await second.start() }
        }
    }
}
