/// How far the deletions of a service are from being physical.
public struct ErasureStatus: Sendable, Equatable {
    /// Milliseconds within which a deletion is physical: 24 hours.
    public static let interval: Int64 = 86_400_000

    /// Commands that name deleted accounts (deletions, repeated ones, refused votes) and still stand
    /// in files.
    public var pending: UInt64 = 0
    /// By when all of these will be gone; nil when there are none.
    public var until: Instant?

    public init() {}
}
