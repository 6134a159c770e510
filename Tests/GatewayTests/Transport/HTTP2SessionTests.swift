import Gateway
import NIOCore
import Testing

/// Two sessions that talk to each other without a socket.
@Suite struct HTTP2SessionTests {
    /// A session and what it was told.
    private final class Peer: HTTP2SessionEvents {
        var session: HTTP2Session!
        var streams: [MessageStream] = []
        /// Body bytes of each stream, in the order in which they were opened.
        var bodies: [Int] { streams.map { received[$0.streamID] ?? 0 } }
        private var received: [Int32: Int] = [:]
        var ended: [Int32] = []
        var closed: [Int32: UInt32] = [:]
        var drainedCount = 0
        var whenHead: ((MessageStream) -> Void)?
        var holds = false
        var heardGoAway = false

        init(_ role: HTTP2Session.Role, _ limits: TransportLimits = TransportLimits()) throws {
            session = try HTTP2Session(role: role, limits: limits, events: self)
        }

        func makeStream() -> MessageStream { MessageStream() }
        func head(_ stream: MessageStream) {
            stream.hasPeerHead = true
            stream.holdsWindow = holds
            streams.append(stream)
            whenHead?(stream)
        }
        func data(_ stream: MessageStream, _ bytes: UnsafeRawBufferPointer) {
            received[stream.streamID, default: 0] += bytes.count
        }
        func end(_ stream: MessageStream) { ended.append(stream.streamID) }
        func closed(_ stream: MessageStream, code: UInt32) { closed[stream.streamID] = code }
        func recycle(_ stream: MessageStream) {}
        func drained(_ stream: MessageStream) { drainedCount += 1 }
        func headAbandoned() {}
        func resetSent() {}
        func brokenOff() {}
        func goAwayReceived() { heardGoAway = true }
    }

    private static let request = RequestHead(
        method: "POST", authority: "test", [("content-type", "text/plain")])
    private static let answer = ResponseHead(status: 200, [("content-type", "text/plain")])

    /// Carries bytes both ways until neither side has any.
    private func exchange(_ client: Peer, _ server: Peer) throws {
        var moved = true
        while moved {
            moved = false
            for (from, to) in [(client, server), (server, client)] {
                var output = AssembledOutput()
                _ = try from.session.assemble(into: &output, limit: 64 << 10)
                _ = from.session.deliverDrained()
                if output.count > 0 {
                    moved = true
                    try to.session.receive(output.joined())
                }
            }
        }
    }

    private func send(
        _ client: Peer, body: Int, isFinished: Bool = true
    ) -> MessageStream {
        let stream = MessageStream()
        let writer = FieldWriter()
        "/path".utf8.withContiguousStorageIfAvailable { writer.addPath(UnsafeRawBufferPointer($0)) }
        stream.outbound.append(ByteBuffer(repeating: 0x78, count: body))
        stream.outbound.isFinished = isFinished
        #expect(
            client.session.submitRequest(
                stream, Self.request, writer, hasBody: body > 0 || !isFinished))
        return stream
    }

    @Test func requestAndResponseArriveWithTheirBodies() throws {
        let client = try Peer(.client)
        let server = try Peer(.server)
        server.whenHead = { stream in
            let writer = FieldWriter()
            writer.add("tally-sequence", decimal: 1_234_567_890)
            stream.outbound.append(ByteBuffer(repeating: 0x79, count: 100_000))
            stream.outbound.isFinished = true
            server.session.submitResponse(stream, Self.answer, writer, hasBody: true)
        }
        _ = send(client, body: 70_000)
        try exchange(client, server)

        #expect(server.bodies == [70_000])
        #expect(client.bodies == [100_000])
        #expect(server.ended == [1])
        #expect(client.ended == [1])
        #expect(client.closed == [1: 0])
        #expect(server.closed == [1: 0])
        #expect(server.session.open.isEmpty)
    }

    @Test func aStreamStallsAtItsWindowUntilItsBytesAreConsumedAndItsNeighbourDoesNot() throws {
        var limits = TransportLimits()
        limits.streamWindow = 100_000
        limits.heldBytes = 1 << 20
        let client = try Peer(.client)
        let server = try Peer(.server, limits)
        server.holds = true
        try exchange(client, server)

        let slow = send(client, body: 250_000)
        try exchange(client, server)
        #expect(server.bodies[0] == 100_000)
        #expect(slow.unsentBytes == 150_000)

        // 3 MB on other streams: the connection's window of 1 MiB reopens on receipt.
        server.holds = false
        for _ in 0..<30 { _ = send(client, body: 100_000) }
        try exchange(client, server)
        #expect(server.bodies.dropFirst().allSatisfy { $0 == 100_000 })
        #expect(server.bodies[0] == 100_000)

        server.session.consume(server.streams[0], 100_000)
        try exchange(client, server)
        #expect(server.bodies[0] == 200_000)
        server.session.consume(server.streams[0], 100_000)
        try exchange(client, server)
        #expect(server.bodies[0] == 250_000)
        #expect(server.ended.contains(1))
    }

    @Test func aBodyThatPausesGoesOnWhenItIsResumed() throws {
        let client = try Peer(.client)
        let server = try Peer(.server)
        let stream = send(client, body: 10, isFinished: false)
        try exchange(client, server)
        #expect(server.bodies[0] == 10)
        #expect(server.ended.isEmpty)

        stream.outbound.append(ByteBuffer(string: "more"))
        client.session.resume(stream)
        try exchange(client, server)
        #expect(server.bodies[0] == 14)

        stream.outbound.isFinished = true
        client.session.resume(stream)
        try exchange(client, server)
        #expect(server.ended == [1])
    }

    @Test func theOwnerIsToldOnceWhenTheUnsentBytesFallToTheMark() throws {
        let client = try Peer(.client)
        let server = try Peer(.server)
        let stream = send(client, body: 0, isFinished: false)
        stream.drainMark = 1000
        stream.outbound.append(ByteBuffer(repeating: 0, count: 50_000))
        try exchange(client, server)
        #expect(stream.unsentBytes == 0)
        #expect(stream.sentBytes == 50_000)
        #expect(client.drainedCount == 1)
    }

    @Test func aResetReachesTheOtherSideWithItsCode() throws {
        let client = try Peer(.client)
        let server = try Peer(.server)
        let stream = send(client, body: 10, isFinished: false)
        try exchange(client, server)
        client.session.reset(stream, code: HTTP2Session.cancelled)
        try exchange(client, server)
        #expect(server.closed == [1: HTTP2Session.cancelled])
        #expect(client.session.open.isEmpty)
    }

    @Test func afterTheNoticeARequestStillArrivesAndAfterTheFinalGoAwayTheSessionFinishes() throws {
        let client = try Peer(.client)
        let server = try Peer(.server)
        server.whenHead = { stream in
            stream.outbound.isFinished = true
            server.session.submitResponse(stream, Self.answer, FieldWriter(), hasBody: false)
        }
        try exchange(client, server)
        // The request is on its way when the server gives notice.
        _ = send(client, body: 10)
        var crossing = AssembledOutput()
        _ = try client.session.assemble(into: &crossing, limit: 1 << 20)
        server.session.submitShutdownNotice()
        try exchange(client, server)
        #expect(client.heardGoAway)
        try server.session.receive(crossing.joined())
        try exchange(client, server)
        #expect(client.closed == [1: 0])
        #expect(!server.session.isFinished)
        server.session.submitGoAway()
        try exchange(client, server)
        #expect(server.session.isFinished)
    }

    @Test func whatIsNoHTTP2EndsTheSessionWithAWord() throws {
        let server = try Peer(.server)
        try server.session.receive(ByteBuffer(string: "PRI * HTTP/2.0\r\n\r\nNO\r\n\r\n"))
        #expect(!server.session.isFinished)
        var output = AssembledOutput()
        _ = try server.session.assemble(into: &output, limit: 1 << 20)
        // SETTINGS of 27 bytes and a WINDOW_UPDATE come first; GOAWAY has 17.
        let bytes = Array(output.joined().readableBytesView.suffix(17))
        #expect(bytes[3] == 7 && bytes[13...] == [0, 0, 0, 1])
        #expect(server.session.isFinished)
    }

    @Test func anAbandonedSessionTellsNothingMore() throws {
        let client = try Peer(.client)
        let server = try Peer(.server)
        server.whenHead = { _ in #expect(server.session.abandon().count == 1) }
        _ = send(client, body: 40_000)
        try exchange(client, server)
        #expect(server.streams.count == 1)
        #expect(server.bodies[0] == 0)
        #expect(server.session.open.isEmpty)
    }
}
