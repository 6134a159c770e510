import Gateway
import NIOCore
import NIOPosix

/// One connection over TLS.
final class SecureClient: Sendable {
    private final class Recorder: ClientDelegate {
        let promise: EventLoopPromise<Int>

        init(_ promise: EventLoopPromise<Int>) {
            self.promise = promise
        }

        func head(_ request: ClientRequest) {}
        func body(_ request: ClientRequest, _ bytes: UnsafeRawBufferPointer) {}
        func end(_ request: ClientRequest) { promise.succeed(request.status) }
        func failed(_ request: ClientRequest, _ reason: ClientFailure) { promise.fail(reason) }
        func wantsBody(_ request: ClientRequest) {}
        func readComplete() {}
    }

    private let client: NIOLoopBound<HTTP2Client>

    private init(_ client: HTTP2Client) {
        self.client = NIOLoopBound(client, eventLoop: client.eventLoop)
    }

    /// - Parameter trusted: authorities in PEM.
    /// - Throws: `HandshakeFailure`
    static func connect(
        host: String = "localhost", port: Int, trusted: [UInt8],
        timeout: TimeAmount = .seconds(10)
    ) async throws -> SecureClient {
        let configuration = HTTP2ClientConfiguration(
            connectTimeout: timeout, trust: try TLSTrust(authorities: trusted))
        return try await withCheckedThrowingContinuation { continuation in
            HTTP2Client.connect(
                host: host, port: port, on: MultiThreadedEventLoopGroup.singleton.next(),
                configuration: configuration
            ) { result in
                continuation.resume(with: result.map { SecureClient($0) })
            }
        }
    }

    /// The status that a request is answered with.
    /// - Throws: `ClientFailure`
    func get(_ path: String) async throws -> Int {
        let loop = client.eventLoop
        let promise = loop.makePromise(of: Int.self)
        loop.execute { [client] in
            client.value.send(
                RequestHead(method: "GET", authority: "localhost", scheme: "https"), path: path,
                body: nil, delegate: Recorder(promise))
        }
        return try await promise.futureResult.get()
    }

    func close() {
        client.eventLoop.execute { [client] in client.value.close() }
    }
}
