/// The beginning of a record whose write was never finished, and never acknowledged.
public struct TornTail: Equatable, Sendable {
    public var file: String
    /// Bytes from the start of the file.
    public var offset: Int64
    /// How many bytes stand there, up to the last that is not zero.
    public var bytes: Int64
    public var reason: String
    /// The sequence that would have come next.
    public var sequence: UInt64
}
