import Gateway
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// The client against the server.
@Suite struct HTTP2ClientTests {
    /// What came back, over all requests of a test.
    private struct Answers: Sendable {
        var statuses: [Int] = []
        var body = 0
        var ended = 0
        var failures: [ClientFailure] = []
        var field: String?
        var written = 0
    }

    private final class Recorder: ClientDelegate {
        var answers = Answers()
        /// Bytes of a streamed body that are still to be written.
        var left = 0
        var whenDone: ((Answers) -> Void)?
        var expected = 1

        func head(_ request: ClientRequest) {
            answers.statuses.append(request.status)
            answers.field = request.header("tally-sequence")
        }
        func body(_ request: ClientRequest, _ bytes: UnsafeRawBufferPointer) {
            answers.body += bytes.count
        }
        func end(_ request: ClientRequest) {
            answers.ended += 1
            finishIfDone()
        }
        func failed(_ request: ClientRequest, _ reason: ClientFailure) {
            answers.failures.append(reason)
            finishIfDone()
        }
        func wantsBody(_ request: ClientRequest) {
            while request.unsentBytes < 1 << 20 {
                guard left > 0 else { return request.finish() }
                let count = min(left, 100_000)
                left -= count
                answers.written += count
                request.write(ByteBuffer(repeating: 0x7a, count: count))
            }
        }
        func readComplete() {}

        private func finishIfDone() {
            if answers.ended + answers.failures.count == expected { whenDone?(answers) }
        }
    }

    private static let post = RequestHead(method: "POST", authority: "test")

    /// Connects, lets `start` send requests, and returns what came back when all of them are over.
    private func run(
        port: Int, _ start: @escaping @Sendable (HTTP2Client, Recorder) -> Void
    ) async throws -> Answers {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let promise = loop.makePromise(of: Answers.self)
        HTTP2Client.connect(host: "127.0.0.1", port: port, on: loop) { result in
            do {
                let client = try result.get()
                let recorder = Recorder()
                recorder.whenDone = { answers in
                    client.close()
                    promise.succeed(answers)
                }
                start(client, recorder)
            } catch {
                promise.fail(error)
            }
        }
        do {
            let answers = try await promise.futureResult.get()
            try await group.shutdownGracefully()
            return answers
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
    }

    @Test func unaryRequestsBeyondTheServersLimitWaitAndAreAllAnswered() async throws {
        try await withServer { port, log, _ in
            let answers = try await run(port: port) { client, recorder in
                recorder.expected = 2000
                client.corked {
                    for _ in 0..<2000 {
                        client.send(
                            Self.post, path: "/count", body: ByteBuffer(string: "12345"),
                            delegate: recorder)
                    }
                }
            }
            #expect(answers.ended == 2000)
            #expect(answers.statuses.allSatisfy { $0 == 200 })
            #expect(answers.field == "5")
            #expect(answers.body == 4000)
            #expect(log.counts.received == 10_000)
        }
    }

    @Test func aStreamedBodyIsGeneratedAsTheServerTakesIt() async throws {
        try await withServer { port, log, _ in
            let answers = try await run(port: port) { client, recorder in
                recorder.left = 30 << 20
                _ = client.open(Self.post, path: "/echo", delegate: recorder)
            }
            #expect(answers.body == 30 << 20)
            #expect(log.counts.received == 30 << 20)
            #expect(answers.ended == 1)
        }
    }

    @Test func aStreamThatTheServerHoldsIsNotWrittenAhead() async throws {
        try await withServer { port, log, _ in
            let loop = MultiThreadedEventLoopGroup.singleton.next()
            let written = Mutex(0)
            let kept = NIOLoopBoundBox<[AnyObject]>.makeBoxSendingValue([], eventLoop: loop)
            HTTP2Client.connect(host: "127.0.0.1", port: port, on: loop) { result in
                guard let client = try? result.get() else { return }
                let recorder = Recorder()
                recorder.left = 100 << 20
                kept.value = [client, client.open(Self.post, path: "/hold", delegate: recorder)]
                loop.assumeIsolated().scheduleTask(in: .milliseconds(300)) {
                    written.withLock { $0 = recorder.answers.written }
                    kept.value = []
                    client.close()
                }
            }
            #expect(try await log.reaches { $0.received == 1 << 20 })
            try await Task.sleep(for: .milliseconds(600))
            #expect(log.counts.received == 1 << 20)
            #expect((1 << 20...3 << 20).contains(written.withLock { $0 }))
        }
    }

    @Test func aResetAndALostConnectionAreTold() async throws {
        try await withServer { port, _, _ in
            let reset = try await run(port: port) { client, recorder in
                client.send(Self.post, path: "/reset", body: nil, delegate: recorder)
            }
            #expect(reset.failures == [.reset(code: 2)])
            let own = try await run(port: port) { client, recorder in
                client.send(Self.post, path: "/never", body: nil, delegate: recorder).reset()
            }
            #expect(own.failures == [.reset(code: 8)])
        }
        let lost = Mutex<Answers?>(nil)
        try await withServer { port, log, _ in
            let loop = MultiThreadedEventLoopGroup.singleton.next()
            HTTP2Client.connect(host: "127.0.0.1", port: port, on: loop) { result in
                guard let client = try? result.get() else { return }
                let recorder = Recorder()
                recorder.whenDone = { answers in lost.withLock { $0 = answers } }
                client.send(Self.post, path: "/never", body: nil, delegate: recorder)
            }
            let hasBegun = try await log.reaches { $0.begun == 1 }
            #expect(hasBegun)
        }
        for _ in 0..<100 where lost.withLock({ $0 == nil }) {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(lost.withLock { $0?.failures } == [.connectionLost])
    }

    @Test func anAnswerBeforeTheEndOfTheBodyEndsTheRequest() async throws {
        try await withServer { port, _, _ in
            let answers = try await run(port: port) { client, recorder in
                recorder.left = 1 << 40
                _ = client.open(Self.post, path: "/early", delegate: recorder)
            }
            #expect(answers.statuses == [404])
            #expect(answers.ended == 1)
        }
    }

    @Test func nobodyListening() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let failed = await withCheckedContinuation { continuation in
            HTTP2Client.connect(host: "127.0.0.1", port: 1, on: group.next()) { result in
                continuation.resume(returning: (try? result.get()) == nil)
            }
        }
        #expect(failed)
    }
}
