import Gateway
import NIOCore

/// Collects the whole answer to one request.
final class AnswerCollector: ClientDelegate {
    private let address: ServerAddress
    private let promise: EventLoopPromise<ControlConnection.Answer>
    private var body: [UInt8] = []

    init(address: ServerAddress, promise: EventLoopPromise<ControlConnection.Answer>) {
        self.address = address
        self.promise = promise
    }

    func head(_ request: ClientRequest) {}

    func body(_ request: ClientRequest, _ bytes: UnsafeRawBufferPointer) {
        body.append(contentsOf: bytes)
    }

    func end(_ request: ClientRequest) {
        promise.succeed(ControlConnection.Answer(status: request.status, body: body))
    }

    func failed(_ request: ClientRequest, _ reason: ClientFailure) {
        promise.fail(LoadFailure.connectionLost(address))
    }

    func wantsBody(_ request: ClientRequest) {}

    func readComplete() {}
}
