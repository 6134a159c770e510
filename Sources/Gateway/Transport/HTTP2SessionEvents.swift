/// What a session tells its owner. Calls come from within `receive` and `assemble`; the owner may
/// submit from them, but neither receive nor assemble.
package protocol HTTP2SessionEvents: AnyObject {
    /// A client opens a stream (server only).
    func makeStream() -> MessageStream
    /// The head is complete.
    func head(_ stream: MessageStream)
    func data(_ stream: MessageStream, _ bytes: UnsafeRawBufferPointer)
    /// The peer has sent all of its message.
    func end(_ stream: MessageStream)
    /// The stream is no more; `code` is 0 when it ended well.
    func closed(_ stream: MessageStream, code: UInt32)
    /// Nobody holds the stream that was closed: it may serve again.
    func recycle(_ stream: MessageStream)
    /// The unsent bytes of the stream fell to its mark.
    func drained(_ stream: MessageStream)
    /// A head was so large that it was not looked at to its end.
    func headAbandoned()
    /// A stream was reset for an error.
    func resetSent()
    /// The connection ends for an error.
    func brokenOff()
    /// The peer takes no further streams.
    func goAwayReceived()
}
