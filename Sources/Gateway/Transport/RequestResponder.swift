/// The application's side of one connection. All calls come on the connection's event loop, and
/// none from within a call that the responder makes into an `Exchange`.
///
/// An exchange is over when its request has ended and its response is complete; it is not mentioned
/// again. When the response is complete first, the rest of the request is dropped.
package protocol RequestResponder: AnyObject {
    /// Method, path and fields are known.
    func begin(_ exchange: Exchange)

    /// Body bytes as they arrive. The pointer is valid during the call only.
    func body(_ exchange: Exchange, _ bytes: UnsafeRawBufferPointer)

    /// The request is complete.
    func end(_ exchange: Exchange)

    /// The client reset the request, or the connection was lost or cut, before the response was
    /// complete; or the response to a HEAD, which has no body, was begun as a streamed one.
    func aborted(_ exchange: Exchange)

    /// `unsentBytes` fell from above `drainMark` to it, or below.
    func drained(_ exchange: Exchange)

    /// All that had arrived is delivered: the moment to submit a batch. What is answered in this
    /// call goes out with what was answered before it.
    func readComplete()

    /// The server goes down: streams get their last lines now.
    func connectionDraining()

    /// The last call.
    func connectionClosed()
}
