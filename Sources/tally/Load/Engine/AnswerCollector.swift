import Gateway
import NIOCore

/// Collects the whole answer to one request.
final class AnswerCollector: ClientDelegate {
    private let address: ServerAddress
    private let promise: EventLoopPromise<ControlConnection.Answer>
    private var body: [UInt8] = []
    private var isTooLate = false

    init(address: ServerAddress, promise: EventLoopPromise<ControlConnection.Answer>) {
        self.address = address
        self.promise = promise
    }

    /// The time is up; nothing happens when the answer is there.
    func giveUp(_ request: ClientRequest) {
        isTooLate = true
        request.reset()
    }

    func head(_ request: ClientRequest) {}

    func body(_ request: ClientRequest, _ bytes: UnsafeRawBufferPointer) {
        body.append(contentsOf: bytes)
    }

    func end(_ request: ClientRequest) {
        promise.succeed(ControlConnection.Answer(status: request.status, body: body))
    }

    func failed(_ request: ClientRequest, _ reason: ClientFailure) {
        if isTooLate {
            let seconds = Int(ControlConnection.timeout.nanoseconds / 1_000_000_000)
            promise.fail(LoadFailure.noAnswer(address, seconds: seconds))
        } else {
            promise.fail(LoadFailure.connectionLost(address))
        }
    }

    func wantsBody(_ request: ClientRequest) {}

    func readComplete() {}
}
