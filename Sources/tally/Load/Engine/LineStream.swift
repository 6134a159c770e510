import Gateway
import NIOCore

/// One NDJSON stream: sends blocks of lines, reads their acknowledgements and measures them. Confined to the
/// event loop of its connection.
final class LineStream: ClientDelegate {
    /// The stream asks for more when it has fewer bytes waiting.
    private static let waitingBytes = 128 << 10

    private let address: ServerAddress
    private let path: String
    private let acknowledgedLines: (Int) -> Void
    private let refusedLines: () -> Void
    private weak var owner: (any LineStreamOwner)?
    private var request: ClientRequest?
    private var ledger = BlockLedger()
    private var reader = AnswerLineReader()
    private var problem: [UInt8] = []
    private var isFinished = false
    private var isDone = false
    private(set) var result = TrafficResult()

    /// - Parameters:
    ///   - acknowledged: told how many lines more are acknowledged.
    ///   - refused: told of every refused line.
    init(
        address: ServerAddress, path: String, owner: any LineStreamOwner,
        acknowledged: @escaping (Int) -> Void, refused: @escaping () -> Void
    ) {
        self.address = address
        self.path = path
        self.owner = owner
        acknowledgedLines = acknowledged
        refusedLines = refused
    }

    static func head(_ address: ServerAddress) -> RequestHead {
        address.head("POST", [("content-type", "application/x-ndjson")])
    }

    func open(_ client: HTTP2Client, _ head: RequestHead) {
        let request = client.open(head, path: path, delegate: self)
        request.drainMark = Self.waitingBytes
        self.request = request
    }

    var sent: Int { ledger.sent }
    var acknowledged: Int { ledger.acknowledged }
    /// The end has come.
    var isOver: Bool { isDone }
    /// The server takes what is written at once, or soon.
    var takesMore: Bool {
        guard let request else { return false }
        return !isFinished && request.isOpen && request.unsentBytes <= Self.waitingBytes
    }

    func write(_ buffer: ByteBuffer, lines: Int, scheduled: UInt64) {
        ledger.send(lines: lines, scheduled: scheduled)
        result.sentBytes += buffer.readableBytes
        request?.write(buffer)
    }

    func finish() {
        guard !isFinished else { return }
        isFinished = true
        request?.finish()
    }

    // MARK: Answers

    func head(_ request: ClientRequest) {}

    func body(_ request: ClientRequest, _ bytes: UnsafeRawBufferPointer) {
        guard request.status == 200 else { return problem.append(contentsOf: bytes) }
        let isUnderstood = reader.read(bytes) { take($0) }
        if !isUnderstood { owner?.failed(.notUnderstood(what: "the answer to \(path)")) }
        owner?.goOn()
    }

    private func take(_ line: AnswerLine) {
        switch line {
        case .through(let line, _):
            acknowledge(through: line)
        case .refused(_, let code):
            result.refusals[code, default: 0] += 1
            refusedLines()
        case .done(let totals):
            acknowledge(through: ledger.sent)
            result.totals = totals
            isDone = true
        case .failed(let code, _):
            owner?.failed(.streamEnded(code: code))
        }
    }

    private func acknowledge(through line: Int) {
        guard line <= ledger.sent else {
            owner?.failed(.notUnderstood(what: "an acknowledgement of lines never sent"))
            return
        }
        let before = ledger.acknowledged
        let now = MonotonicClock.now
        ledger.acknowledge(through: line, at: now, in: &result.latencies)
        guard ledger.acknowledged > before else { return }
        result.acknowledged = ledger.acknowledged
        result.lastAcknowledgedAt = now
        acknowledgedLines(ledger.acknowledged - before)
    }

    func end(_ request: ClientRequest) {
        guard !isDone else { return }
        if request.status == 200 {
            owner?.failed(.streamEnded(code: "without a last line"))
        } else {
            let answer = ProblemAnswer(problem)
            owner?.failed(
                .rejected(
                    what: "POST \(path)", status: request.status, code: answer.code,
                    detail: answer.detail))
        }
    }

    func failed(_ request: ClientRequest, _ reason: ClientFailure) {
        if !isDone { owner?.failed(.connectionLost(address)) }
    }

    func wantsBody(_ request: ClientRequest) {
        owner?.goOn()
    }

    func readComplete() {}
}
