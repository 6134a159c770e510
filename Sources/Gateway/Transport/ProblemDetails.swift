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
    private static let heads: [Int: ResponseHead] = {
        let statuses = [
            400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 415, 422, 429, 431, 500, 503,
        ]
        return Dictionary(uniqueKeysWithValues: statuses.map { ($0, makeHead($0)) })
    }()

    private static func makeHead(_ status: Int) -> ResponseHead {
        ResponseHead(status: status, [("content-type", "application/problem+json")])
    }

    /// The head of a problem's answer.
    package static func head(_ status: Int) -> ResponseHead {
        heads[status] ?? makeHead(status)
    }

    static let headerTooLarge = ProblemDetails(
        status: 431, code: "header-too-large", title: "Header too large",
        detail: "The fields of the request are too many or too long.")
    static let malformedRequest = ProblemDetails(
        status: 400, code: "malformed", title: "Malformed",
        detail: "The request is not HTTP that this server can read.")
    static let cleartext = ProblemDetails(
        status: 400, code: "malformed", title: "Malformed",
        detail: "this port speaks TLS: use https://")
    static let missingHost = ProblemDetails(
        status: 400, code: "malformed", title: "Malformed",
        detail: "An HTTP/1.1 request has exactly one host field.")
}
