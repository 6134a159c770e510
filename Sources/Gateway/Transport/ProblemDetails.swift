package import NIOCore

/// An RFC 9457 answer. `code` is the last part of its type, and what the streams use on their
/// lines.
package struct ProblemDetails: Sendable {
    package var status: Int
    package var code: String
    package var title: String
    package var detail: String

    package init(status: Int, code: String, title: String, detail: String) {
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
    }

    /// `{"type":"/problems/CODE","title":…,"status":…,"detail":…}`
    package func json() -> ByteBuffer {
        var text = "{\"type\":\"/problems/"
        text += code
        text += "\",\"title\":"
        text += Self.quoted(title)
        text += ",\"status\":\(status),\"detail\":"
        text += Self.quoted(detail)
        text += "}"
        return ByteBuffer(string: text)
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension ProblemDetails {
    static let headerTooLarge = ProblemDetails(
        status: 431, code: "header-too-large", title: "Header too large",
        detail: "the fields of the request are too many or too long")
    static let malformedRequest = ProblemDetails(
        status: 400, code: "malformed", title: "Malformed request",
        detail: "the request is not HTTP that this server can read")
    static let missingHost = ProblemDetails(
        status: 400, code: "malformed", title: "Malformed request",
        detail: "an HTTP/1.1 request has exactly one host field")
}
