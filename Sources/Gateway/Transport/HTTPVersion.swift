/// The protocol that a connection speaks.
package enum HTTPVersion: Sendable {
    case http1
    case http2
}
