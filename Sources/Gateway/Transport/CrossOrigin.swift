/// What a response tells a browser whose page is of another origin (CORS).
package enum CrossOrigin: Sendable {
    /// Nothing: no other origin may use the server.
    case none
    /// Not this one.
    case refused
    case allowed(origin: String)

    /// The fields of a response that a page may read, beside those that it always may.
    private static let exposed =
        "etag, tally-sequence, retry-after, warning, www-authenticate, content-disposition, allow, "
        + "ratelimit, ratelimit-policy"

    func write(to fields: FieldWriter) {
        switch self {
        case .none: return
        case .refused: break
        case .allowed(let origin):
            fields.add("access-control-allow-origin", origin)
            fields.add("access-control-expose-headers", Self.exposed)
        }
        fields.add("vary", "origin")
    }
}
