/// What a finished snapshot consists of.
public struct SnapshotSummary: Equatable, Sendable {
    public var sequence: UInt64
    public var chunks: Int
    /// Of the file.
    public var bytes: Int64
}
