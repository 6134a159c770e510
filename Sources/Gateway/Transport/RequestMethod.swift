/// The methods that a route may ask for; every other one is `other`, which no route has.
package enum RequestMethod: UInt8, Sendable {
    case get
    case head
    case post
    case put
    case delete
    case options
    case other

    /// Methods are case-sensitive (RFC 9110, 9.1).
    init(_ bytes: UnsafeRawBufferPointer) {
        switch bytes.count {
        case 3 where bytes.equals("GET"): self = .get
        case 3 where bytes.equals("PUT"): self = .put
        case 4 where bytes.equals("POST"): self = .post
        case 4 where bytes.equals("HEAD"): self = .head
        case 6 where bytes.equals("DELETE"): self = .delete
        case 7 where bytes.equals("OPTIONS"): self = .options
        default: self = .other
        }
    }

    /// Asks for what there is, and changes nothing.
    var isRead: Bool { self == .get || self == .head }
}
