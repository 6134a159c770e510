package import NIOCore

/// One request of an `HTTP2Client` and its response. Confined to the event loop of the connection.
package final class ClientRequest: MessageStream {
    private struct Field {
        var start: Int
        var nameCount: Int
        var valueCount: Int
    }

    let handler: HTTP2ClientHandler
    /// Nil once the request is over.
    var delegate: (any ClientDelegate)?
    private let keepsFields: Bool
    private var fields: [Field] = []
    private var bytes: [UInt8] = []

    /// The status of the response; 0 before it has come.
    package private(set) var status = 0
    /// The caller's own.
    package var context: AnyObject?
    /// The caller's own.
    package var slot = 0

    init(handler: HTTP2ClientHandler, delegate: any ClientDelegate, keepsFields: Bool) {
        self.handler = handler
        self.delegate = delegate
        self.keepsFields = keepsFields
        super.init()
        drainMark = 256 << 10
    }

    override func takeField(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool
    {
        if name.count == 7, name.equals(":status") {
            status = value.decimal ?? 0
        } else if keepsFields {
            fields.append(
                Field(start: bytes.count, nameCount: name.count, valueCount: value.count))
            bytes.append(contentsOf: name)
            bytes.append(contentsOf: value)
        }
        return true
    }

    /// Forgets an informational head (1xx): the final one follows.
    func forgetHead() {
        status = 0
        fields.removeAll()
        bytes.removeAll()
    }

    /// The value of a response field, its name in lower case; nil when there is none, or when
    /// fields are not kept.
    package func header(_ name: StaticString) -> String? {
        bytes.withUnsafeBytes { all in
            for field in fields {
                let valueStart = field.start + field.nameCount
                let fieldName = UnsafeRawBufferPointer(rebasing: all[field.start..<valueStart])
                if fieldName.equals(name) {
                    return String(
                        decoding: all[valueStart..<valueStart + field.valueCount], as: UTF8.self)
                }
            }
            return nil
        }
    }

    /// Neither complete nor failed.
    package var isOpen: Bool { delegate != nil }

    /// Adds to a streamed body; kept by reference until it is sent.
    package func write(_ buffer: ByteBuffer) {
        guard isOpen, buffer.readableBytes > 0 else { return }
        precondition(!outbound.isFinished, "a request's body is written after its end")
        outbound.append(buffer)
        handler.outboundGrew(self)
    }

    /// Ends a streamed body.
    package func finish() {
        guard isOpen, !outbound.isFinished else { return }
        outbound.isFinished = true
        handler.outboundGrew(self)
    }

    /// Gives the request up; `failed` follows.
    package func reset() {
        if isOpen { handler.reset(self) }
    }

    /// With `holdsWindow`: `count` of the delivered body bytes are dealt with, the server may send
    /// as many.
    package func consumed(_ count: Int) {
        if isOpen { handler.consumed(self, count) }
    }
}
