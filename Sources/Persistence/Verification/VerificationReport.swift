/// What a verification went through and found right.
public struct VerificationReport: Equatable, Sendable {
    /// First sequence in the journal's files; nil if there is no segment.
    public var firstSequence: UInt64?
    /// 0 if there is no record.
    public var lastSequence: UInt64
    public var durableMark: UInt64
    public var segments: Int
    public var records: Int
    /// Bytes of the segments, without the room that is not used yet.
    public var journalBytes: Int64
    /// Ascending.
    public var snapshots: [SnapshotHeader]
    public var snapshotBytes: Int64
    /// What a start would cut off: no damage.
    public var tornTail: TornTail?
    /// A write of the mark was cut short: no damage.
    public var markHasTornSlot: Bool
    /// Torn tails and damaged snapshots that earlier starts put aside.
    public var keptEvidence: [String]
}
