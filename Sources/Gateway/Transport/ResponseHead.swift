internal import NIOHTTP1

/// Status and unchanging fields of an answer, prebuilt for both protocols. Made once (`static let`)
/// and shared by all connections; what differs from answer to answer goes through a `FieldWriter`.
/// `content-length` is not among them: the transport adds it.
package final class ResponseHead: Sendable {
    package let status: Int
    let block: HeaderBlock
    let http1: HTTPHeaders

    /// - Parameter fields: names in lower case.
    package init(status: Int, _ fields: [(String, String)] = []) {
        precondition((200...599).contains(status), "a response has a final status")
        self.status = status
        block = HeaderBlock(
            [(name: ":status", value: String(status))] + fields.map { (name: $0.0, value: $0.1) })
        http1 = HTTPHeaders(fields)
    }

    /// 204 and 304 have neither a body nor its length (RFC 9110, 8.6).
    var forbidsBody: Bool { status == 204 || status == 304 }
}
