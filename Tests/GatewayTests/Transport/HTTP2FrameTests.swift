import Gateway
import Testing

/// The server against single frames.
@Suite struct HTTP2FrameTests {
    @Test func aBigBodyPassesThroughASmallWindow() async throws {
        try await withServer { port, _, _ in
            let output = try await Hyper.run(
                """
                start(INITIAL_WINDOW_SIZE=1000)
                request(1, "GET", "/bytes/50000")
                event, body = wait_for(Ended, 1)
                print(len(body))
                """, port: port)
            #expect(output == "50000\n")
        }
    }

    @Test func aStreamStallsUntilItsBytesAreConsumedAndItsNeighbourGoesOn() async throws {
        try await withServer { port, log, _ in
            let output = try await Hyper.run(
                """
                start()
                events()
                request(1, "POST", "/hold", end=False)
                print(send_all_that_fits(1, 3 << 20))
                request(3, "POST", "/count", end=False)
                print(send_all_that_fits(3, 500000))
                connection.end_stream(3); flush()
                print(wait_for(Ended, 3)[1])
                request(5, "GET", "/release")
                wait_for(Ended, 5)
                while connection.local_flow_control_window(1) < 500000: events()
                print(send_all_that_fits(1, 500000))
                connection.end_stream(1); flush()
                print(wait_for(Ended, 1)[1])
                """, port: port)
            #expect(output == "1048576\n500000\nb'500000\\n'\n500000\nb'1548576\\n'\n")
            #expect(log.counts.received == 500_000 + 1_548_576)
        }
    }

    @Test func whoDoesNotReadItsAnswersIsNotReadFrom() async throws {
        try await withServer { port, log, _ in
            let output = try await Hyper.run(
                """
                start()
                events()
                request(1, "POST", "/echo", end=False)
                sent = send_all_that_fits(1, 64 << 20)
                sock.settimeout(0.5)
                back = 0
                try:
                    while True:
                        for event in events():
                            if isinstance(event, h2.events.DataReceived): back += len(event.data)
                        sent += send_all_that_fits(1, 64 << 20)
                except TimeoutError: pass
                print(back == 65535, 1 << 20 <= sent < 2 << 20)
                sock.settimeout(10)
                connection.acknowledge_received_data(65535, 1); flush()
                connection.increment_flow_control_window(8 << 20, 1)
                connection.increment_flow_control_window(8 << 20); flush()
                while connection.local_flow_control_window(1) == 0:
                    for event in events():
                        if isinstance(event, h2.events.DataReceived): back += len(event.data)
                connection.end_stream(1); flush()
                print(back + len(wait_for(Ended, 1)[1]) == sent)
                """, port: port)
            #expect(output == "True True\nTrue\n")
            #expect(log.counts.drained >= 1)
        }
    }

    @Test func trailersEndARequest() async throws {
        try await withServer { port, log, _ in
            let output = try await Hyper.run(
                """
                start()
                request(1, "POST", "/count", end=False)
                connection.send_data(1, b"abc")
                connection.send_headers(1, [("checksum", "1")], end_stream=True); flush()
                print(wait_for(Ended, 1)[1])
                """, port: port)
            #expect(output == "b'3\\n'\n")
            #expect(log.counts.ended == 1)
        }
    }

    @Test func aResetOfTheClientAbortsThatExchangeOnly() async throws {
        try await withServer { port, log, _ in
            let output = try await Hyper.run(
                """
                start()
                request(1, "POST", "/count", end=False)
                connection.send_data(1, b"abc")
                connection.reset_stream(1, 8)
                request(3, "GET", "/bytes/3")
                print(wait_for(Ended, 3)[1])
                """, port: port)
            #expect(output == "b'aaa'\n")
            #expect(log.counts.aborted == 1)
            #expect(log.counts.ended == 1)
        }
    }

    @Test func aLostConnectionAbortsWhatIsOpen() async throws {
        try await withServer { port, log, _ in
            _ = try await Hyper.run(
                """
                start()
                request(1, "POST", "/count", end=False)
                request(3, "GET", "/never")
                request(5, "GET", "/bytes/3")
                wait_for(Ended, 5)
                """, port: port)
            #expect(try await log.reaches { $0.connectionsClosed == 1 })
            #expect(log.counts.aborted == 2)
        }
    }

    @Test func aResetByTheApplicationIsSeenAsAnError() async throws {
        try await withServer { port, log, _ in
            let output = try await Hyper.run(
                """
                start()
                request(1, "GET", "/reset")
                print(wait_for(h2.events.StreamReset, 1)[0].error_code)
                """, port: port)
            #expect(output == "2\n")
            #expect(log.counts.aborted == 1)
        }
    }

    @Test func theRestOfAnAnsweredRequestIsCutOffWithoutAnError() async throws {
        try await withServer { port, log, _ in
            let output = try await Hyper.run(
                """
                start()
                events()
                request(1, "POST", "/early", end=False)
                send_all_that_fits(1, 500000)
                event, body = wait_for(h2.events.StreamReset, 1)
                print(event.error_code, b"not-found" in body)
                """, port: port)
            #expect(output == "0 True\n")
            #expect(log.counts.received == 0)
            #expect(log.counts.aborted == 0)
        }
    }

    /// A client that does not know the limit yet is refused; one that does breaks the protocol.
    @Test(arguments: [false, true])
    func moreStreamsThanAllowedAreRefused(knowsTheLimit: Bool) async throws {
        try await withServer { port, _, _ in
            let output = try await Hyper.run(
                """
                start()
                \(knowsTheLimit ? "events()" : "")
                fields = [(":method", "POST"), (":path", "/count"), (":scheme", "http"), (":authority", "t")]
                for stream in range(1, 2 * 300, 2):
                    send_frame(1, 4, stream, connection.encoder.encode(fields))
                send_frame(0, 1, 1)
                refused, code = 0, None
                for kind, flags, stream, payload in frames():
                    refused += kind == 3 and payload == bytes([0, 0, 0, 7])
                    if kind == 7: code = payload[7]
                    if kind == 0 and stream == 1: break
                print(refused, code)
                """, port: port)
            #expect(output == (knowsTheLimit ? "0 1\n" : "44 None\n"))
        }
    }

    @Test("a head that is too large is refused, and one that is a bomb is not looked at to its end")
    func headerBombs() async throws {
        try await withServer { port, log, _ in
            let output = try await Hyper.run(
                """
                start()
                events()
                def answer(stream, copies):
                    block = connection.encoder.encode([(":method", "GET"), (":path", "/count"), (":scheme", "http"),
                        (":authority", "t"), ("bomb", "b" * 3900)])
                    send_frame(1, 5, stream, block + b"\\xbe" * copies)
                    for kind, flags, found, payload in frames():
                        if kind == 1: return dict(connection.decoder.decode(payload))[":status"]
                        if kind == 3: return payload[3]
                print(answer(1, 8), answer(3, 12000), answer(5, 8))
                """, port: port)
            #expect(output == "431 11 431\n")
            #expect(log.counts.begun == 0)
        }
    }

    @Test func aProtocolErrorIsAnsweredByGoAway() async throws {
        try await withServer { port, _, _ in
            let output = try await Hyper.run(
                """
                start()
                events()
                send_frame(0, 0, 0, b"data")
                event, _ = wait_for(h2.events.ConnectionTerminated)
                print(event.error_code, sock.recv(1))
                """, port: port)
            #expect(output == "1 b''\n")
        }
    }

    @Test func aBrokenPrefaceClosesTheConnection() async throws {
        try await withServer { port, _, _ in
            let socket = try await RawSocket.connect(port: port)
            try await socket.send("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n")
            let received = await socket.receive()
            #expect(!received.contains("HTTP/1.1"))
        }
    }

    @Test func aPrefaceInPiecesIsRecognised() async throws {
        try await withServer { port, _, _ in
            let socket = try await RawSocket.connect(port: port)
            for character in "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" {
                try await socket.send(String(character))
                try await Task.sleep(for: .milliseconds(2))
            }
            // An empty SETTINGS frame; the server's own comes back, and its acknowledgement.
            try await socket.send("\0\0\0\u{4}\0\0\0\0\0")
            let acknowledgement = "\0\0\0\u{4}\u{1}\0\0\0\0"
            let received = await socket.receive(until: acknowledgement)
            #expect(received.contains(acknowledgement))
        }
    }
}
