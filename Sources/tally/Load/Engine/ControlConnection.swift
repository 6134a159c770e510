import Gateway
import NIOCore

/// A connection for the requests around a run: the definition before it, the tallies during and after it.
final class ControlConnection: Sendable {
    struct Answer: Sendable {
        var status: Int
        var body: [UInt8]
    }

    /// How long an answer may take.
    static let timeout = TimeAmount.seconds(30)

    private let address: ServerAddress
    private let eventLoop: any EventLoop
    private let client: NIOLoopBound<HTTP2Client>

    private init(address: ServerAddress, _ client: HTTP2Client) {
        self.address = address
        eventLoop = client.eventLoop
        self.client = NIOLoopBound(client, eventLoop: client.eventLoop)
    }

    static func open(
        _ address: ServerAddress, on eventLoop: any EventLoop
    ) async throws -> ControlConnection {
        try await address.connect(on: eventLoop) { ControlConnection(address: address, $0) }
    }

    func send(_ method: String, _ path: String, body: [UInt8]? = nil) async throws -> Answer {
        let promise = eventLoop.makePromise(of: Answer.self)
        let head = address.head(
            method, body == nil ? [] : [("content-type", "application/json")])
        eventLoop.execute { [address, client, eventLoop] in
            let collector = AnswerCollector(address: address, promise: promise)
            let request = client.value.send(
                head, path: path, body: body.map { ByteBuffer(bytes: $0) }, delegate: collector)
            eventLoop.assumeIsolated().scheduleTask(in: Self.timeout) {
                collector.giveUp(request)
            }
        }
        return try await promise.futureResult.get()
    }

    /// As `send`; any status but 200 and 201 is thrown.
    func demand(_ method: String, _ path: String, body: [UInt8]? = nil) async throws -> Answer {
        let answer = try await send(method, path, body: body)
        guard answer.status == 200 || answer.status == 201 else {
            let problem = ProblemAnswer(answer.body)
            throw LoadFailure.rejected(
                what: "\(method) \(path)", status: answer.status, code: problem.code,
                detail: problem.detail)
        }
        return answer
    }
}
