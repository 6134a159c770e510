/// What is left after a retention.
public struct RetentionReport: Equatable, Sendable {
    /// Names of the deleted files.
    public var removed: [String]
    /// The older of the two snapshots, or the only one; nil if there is none.
    public var oldestSnapshot: UInt64?
    /// Of the oldest segment: no record of a lower sequence is in any file. nil if there is no
    /// segment.
    public var firstSequence: UInt64?
}
