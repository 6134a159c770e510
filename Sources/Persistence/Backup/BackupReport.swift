/// What a finished backup holds.
public struct BackupReport: Equatable, Sendable {
    /// Of the last command in it; 0 if there is none.
    public var lastSequence: UInt64
    /// Ascending.
    public var snapshots: [SnapshotHeader]
    public var snapshotBytes: Int64
    public var segments: Int
    public var records: Int
    /// Bytes of the segments.
    public var journalBytes: Int64
    /// Names of the configuration files that were copied.
    public var configuration: [String]
}
