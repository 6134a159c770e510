internal import NIOCore

/// What a session keeps of one stream: its number and the body bytes that it has to send. Requests
/// of either side are subclasses, so that a stream is one object.
///
/// `@exclusivity(unchecked)` stands, here and in its owners, at the properties that every request
/// touches many times: they are private to the event loop, no call that modifies one leads back to
/// it, and the checks at run time took a sixth of a request's time.
package class MessageStream {
    private static let defaultDrainMark = 64 << 10

    /// HTTP/2's number of the stream; 0 before it has one.
    @exclusivity(unchecked) package internal(set) var streamID: Int32 = 0
    /// Position among the session's open streams; nil when it is not among them.
    @exclusivity(unchecked) var openIndex: Int?
    @exclusivity(unchecked) package var outbound = OutboundBody()
    /// The session asked for bytes and got none: it must be told when there are some.
    @exclusivity(unchecked) var isDeferred = false
    /// The end of our message is given to libnghttp2: a reset now cuts off nothing.
    @exclusivity(unchecked) package internal(set) var isEndSent = false
    /// The application says itself when the stream's window may reopen.
    @exclusivity(unchecked) package var holdsWindow = false
    /// Delivered body bytes for which the window has not reopened.
    @exclusivity(unchecked) var unconsumed = 0
    /// Body bytes that have arrived.
    @exclusivity(unchecked) package internal(set) var receivedBytes = 0
    /// The final head of the peer has arrived; a later header block is its trailers.
    @exclusivity(unchecked) package var hasPeerHead = false
    /// Is to be told that the unsent bytes fell, and waits for it in the session's list.
    @exclusivity(unchecked) var isListedAsDrained = false
    /// The session asks for more when it finds nothing to send.
    @exclusivity(unchecked) package var pulls = false
    /// Keeps the memory alive that libnghttp2 may still point into.
    @exclusivity(unchecked) var retainedBlock: HeaderBlock?

    /// Unsent bytes at which the application is told that they fell.
    @exclusivity(unchecked) package var drainMark = MessageStream.defaultDrainMark
    /// Body bytes given to the socket so far.
    @exclusivity(unchecked) package internal(set) var sentBytes = 0
    /// Body bytes written that the socket has not been given: flow control or a slow reader holds
    /// them.
    package var unsentBytes: Int { outbound.count }

    package init() {}

    /// One field of the peer's head, its name in lower case; a subclass keeps what it needs.
    /// Trailers are not told.
    ///
    /// - Returns: false when the head is so large that nothing more of it is to be looked at.
    func takeField(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool { true }

    final func resetStream() {
        streamID = 0
        openIndex = nil
        outbound.removeAll()
        outbound.isFinished = false
        isDeferred = false
        isEndSent = false
        holdsWindow = false
        unconsumed = 0
        receivedBytes = 0
        hasPeerHead = false
        isListedAsDrained = false
        pulls = false
        retainedBlock = nil
        drainMark = Self.defaultDrainMark
        sentBytes = 0
    }
}
