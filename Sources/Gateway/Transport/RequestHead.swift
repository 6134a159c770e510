/// Method, authority and unchanging fields of a client's requests, prebuilt and shared by all of
/// them; the path differs from request to request.
package final class RequestHead: Sendable {
    let block: HeaderBlock

    /// - Parameter fields: names in lower case.
    package init(
        method: String, authority: String, scheme: String = "http",
        _ fields: [(String, String)] = []
    ) {
        block = HeaderBlock(
            [
                (name: ":method", value: method), (name: ":scheme", value: scheme),
                (name: ":authority", value: authority),
            ] + fields.map { (name: $0.0, value: $0.1) })
    }
}
