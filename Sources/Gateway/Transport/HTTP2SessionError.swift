/// The connection cannot go on. `code` is libnghttp2's.
package struct HTTP2SessionError: Error, CustomStringConvertible {
    package var code: Int32
    package var description: String

    init(code: Int32, doing action: String) {
        self.code = code
        self.description = "HTTP/2 session, \(action): \(HTTP2Session.text(ofError: code))"
    }
}
