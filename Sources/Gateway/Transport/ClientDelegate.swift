/// Hears of requests, of one or of many, on the event loop of their connection.
package protocol ClientDelegate: AnyObject {
    /// The status and the fields are known.
    func head(_ request: ClientRequest)
    /// Body bytes as they arrive. The pointer is valid during the call only.
    func body(_ request: ClientRequest, _ bytes: UnsafeRawBufferPointer)
    /// The response is complete. No further call follows for this request.
    func end(_ request: ClientRequest)
    /// There will be no (complete) response. No further call follows for this request.
    func failed(_ request: ClientRequest, _ reason: ClientFailure)
    /// A streamed body has at most `drainMark` unsent bytes: write more, or finish. It is asked
    /// again when what was written has gone; who writes nothing is not asked again until it has
    /// written something.
    func wantsBody(_ request: ClientRequest)
    /// All that had arrived is delivered: requests sent in this call go out in one write.
    func readComplete()
}
