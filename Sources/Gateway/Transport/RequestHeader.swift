/// The request fields that the application reads. Every other field is counted against the limits
/// and forgotten, so that a request costs no storage for what nobody asks for.
package enum RequestHeader: Int, CaseIterable, Sendable {
    case accept
    case authorization
    case contentType
    case expect
    /// `host`, or `:authority` of HTTP/2.
    case host
    case ifMatch
    case ifNoneMatch
    case lastEventID
    case origin
    case traceparent

    static let count = 10

    /// The field of a name in lower case; nil when it is not kept.
    init?(_ name: UnsafeRawBufferPointer) {
        switch name.count {
        case 4 where name.equals("host"): self = .host
        case 6:
            if name.equals("accept") {
                self = .accept
            } else if name.equals("expect") {
                self = .expect
            } else if name.equals("origin") {
                self = .origin
            } else {
                return nil
            }
        case 8 where name.equals("if-match"): self = .ifMatch
        case 11 where name.equals("traceparent"): self = .traceparent
        case 12 where name.equals("content-type"): self = .contentType
        case 13:
            if name.equals("authorization") {
                self = .authorization
            } else if name.equals("if-none-match") {
                self = .ifNoneMatch
            } else if name.equals("last-event-id") {
                self = .lastEventID
            } else {
                return nil
            }
        default: return nil
        }
    }
}
