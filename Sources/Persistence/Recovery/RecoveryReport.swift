/// What recovery found.
public struct RecoveryReport: Equatable, Sendable {
    /// Of the last record; 0 if there is none.
    public var lastSequence: UInt64
    /// Of the last record, or of the snapshot if none follows it: ms since 1970. nil if there
    /// is neither.
    public var lastTimestamp: Int64?
    /// What the state was built from; nil: from nothing.
    public var snapshot: SnapshotHeader?
    /// Bytes of that snapshot.
    public var snapshotBytes: Int64
    /// How many records were handed over.
    public var records: Int
    /// Bytes of the segments that were read.
    public var journalBytes: Int64
    /// What was cut off, and where the copy is.
    public var tornTail: TornTail?
    /// Snapshots that an older one stood in for; renamed to `….bad`.
    public var damagedSnapshots: [Damage]
}
