package import NIOCore

/// One request and its response, in either protocol. Confined to the event loop of its connection.
///
/// The responder may keep it: after the end, or after the connection is gone, what it writes goes
/// nowhere. It keeps it by a strong reference or not at all: an exchange that nobody holds at its
/// end serves another request.
package final class Exchange: MessageStream {
    enum Answer {
        case none
        case streaming
        case complete
    }

    let transport: any ExchangeTransport
    @exclusivity(unchecked) var fields: RequestFields
    @exclusivity(unchecked) private(set) var answer = Answer.none
    /// The responder knows it: `begin` was called.
    @exclusivity(unchecked) var isBegun = false
    /// The stream is reset or lost.
    @exclusivity(unchecked) var isCut = false
    @exclusivity(unchecked) package internal(set) var requestEnded = false
    /// The client was told to go on with its body.
    @exclusivity(unchecked) var isContinued = false
    /// Body bytes that came after the response was complete.
    @exclusivity(unchecked) var droppedBytes = 0
    @exclusivity(unchecked) var patience = ExchangePatience()
    /// The response has no body on the wire, whatever is written.
    @exclusivity(unchecked) private var dropsBody = false

    /// The responder's own.
    @exclusivity(unchecked) package var context: AnyObject?
    /// Who asks; nil until it was found out.
    @exclusivity(unchecked) package var identity: Identity?
    /// Is written into the head of the response.
    @exclusivity(unchecked) package var crossOrigin = CrossOrigin.none

    /// What is said of the bearer's rate in the head of the response.
    @exclusivity(unchecked) package var rateLimit: RateLimitFields?

    init(transport: any ExchangeTransport, limits: TransportLimits) {
        self.transport = transport
        fields = RequestFields(limits)
        super.init()
    }

    override func takeField(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool
    {
        fields.add(name, value)
        return !fields.isHopeless
    }

    /// Makes it as good as a fresh one. Nobody else may hold it.
    func prepareForReuse() {
        fields.removeAll()
        answer = .none
        isBegun = false
        isCut = false
        requestEnded = false
        isContinued = false
        droppedBytes = 0
        patience = ExchangePatience()
        dropsBody = false
        context = nil
        identity = nil
        crossOrigin = .none
        rateLimit = nil
        resetStream()
    }

    // MARK: The request

    package var connection: any HTTPConnection { transport }
    package var version: HTTPVersion { transport.version }
    package var method: RequestMethod { fields.method }
    package var isHead: Bool { fields.method == .head }
    /// The length that the request says its body has; nil when it does not.
    package var contentLength: Int? { fields.contentLength }

    /// The path as it was sent, not decoded, with the query.
    package func withPath<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try fields.withPath(body)
    }

    package var path: String { withPath { String(decoding: $0, as: UTF8.self) } }

    /// The value of a field; a repeated one is joined by commas. Nil when the request has none.
    package func withHeader<R>(
        _ header: RequestHeader, _ body: (UnsafeRawBufferPointer) throws -> R
    ) rethrows -> R? {
        try fields.with(header, body)
    }

    package func header(_ header: RequestHeader) -> String? {
        withHeader(header) { String(decoding: $0, as: UTF8.self) }
    }

    /// With `holdsWindow`: `count` of the delivered body bytes (all, if it is more) are dealt with,
    /// and the client may send as many.
    package func consumed(_ count: Int) {
        if count > 0, !isCut { transport.consumed(self, count) }
    }

    /// The client waits for a word (`100`) before it sends the body.
    var waitsToContinue: Bool {
        guard !isContinued, !requestEnded else { return false }
        return withHeader(.expect) { $0.equalsIgnoringCase("100-continue") } ?? false
    }

    // MARK: The response

    /// The response is neither complete nor cut off.
    package var isOpen: Bool { answer != .complete && !isCut }

    /// The whole response. Adds `content-length`; leaves the body out where it has none (HEAD, 204,
    /// 304).
    package func respond(_ head: ResponseHead, body: ByteBuffer?) {
        respond(head, body: body) { _ in }
    }

    /// - Parameter fields: adds the fields that `head` does not have.
    package func respond(_ head: ResponseHead, body: ByteBuffer?, _ fields: (FieldWriter) -> Void) {
        guard mayAnswer() else { return }
        let writer = transport.fieldWriter
        writer.removeAll()
        fields(writer)
        crossOrigin.write(to: writer)
        rateLimit?.write(to: writer)
        let length = body?.readableBytes ?? 0
        if !head.forbidsBody { writer.add("content-length", decimal: UInt64(length)) }
        let hasBody = length > 0 && !head.forbidsBody && !isHead
        if hasBody, let body { outbound.append(body) }
        outbound.isFinished = true
        answer = .complete
        transport.send(self, head, hasBody: hasBody)
    }

    package func respond(_ problem: ProblemDetails) {
        respond(ProblemDetails.head(problem.status), body: problem.json())
    }

    /// The head of a response whose body follows by `write` and `finish`; allowed before the
    /// request has ended.
    package func respondHead(_ head: ResponseHead) {
        respondHead(head) { _ in }
    }

    package func respondHead(_ head: ResponseHead, _ fields: (FieldWriter) -> Void) {
        guard mayAnswer() else { return }
        let writer = transport.fieldWriter
        writer.removeAll()
        fields(writer)
        crossOrigin.write(to: writer)
        rateLimit?.write(to: writer)
        answer = .streaming
        dropsBody = head.forbidsBody || isHead
        if dropsBody { outbound.isFinished = true }
        transport.send(self, head, hasBody: !dropsBody)
    }

    /// Kept by reference until it is sent.
    package func write(_ bytes: ByteBuffer) {
        guard mayWrite(), bytes.readableBytes > 0 else { return }
        outbound.append(bytes)
        transport.outboundGrew(self)
    }

    /// Copied; small writes share a buffer.
    package func write(_ bytes: UnsafeRawBufferPointer) {
        guard mayWrite(), bytes.count > 0 else { return }
        outbound.append(bytes)
        transport.outboundGrew(self)
    }

    package func finish() {
        guard !isCut else { return }
        precondition(
            answer == .streaming, "a response is finished that was not begun or is complete")
        answer = .complete
        outbound.isFinished = true
        if !dropsBody { transport.outboundGrew(self) }
    }

    /// Cuts the response off, so that the client cannot take it for a whole one. `aborted` follows.
    package func reset() {
        guard isOpen else { return }
        isCut = true
        transport.reset(self)
    }

    private func mayAnswer() -> Bool {
        if isCut { return false }
        precondition(answer == .none, "an exchange is answered twice")
        return true
    }

    private func mayWrite() -> Bool {
        if isCut { return false }
        precondition(answer == .streaming, "a body is written without its head, or after its end")
        return !dropsBody
    }
}
