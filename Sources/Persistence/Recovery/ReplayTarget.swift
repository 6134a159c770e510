/// Takes in what recovery, or a verification, reads.
///
/// Pointers are good during the call only; what they point to is aligned to 8 bytes. What a method
/// throws ends the reading, and comes out of it unchanged.
public protocol ReplayTarget: AnyObject {
    /// The chunks of this snapshot follow, or (nil) records from sequence 1.
    ///
    /// In a recovery: forget everything. It comes again, with an older snapshot, if the newer
    /// one turns out to be damaged on the way.
    func begin(_ snapshot: SnapshotHeader?) throws
    func chunk(kind: UInt8, _ content: UnsafeRawBufferPointer) throws
    /// All chunks of the snapshot were handed over, and all of its digests are right.
    func endSnapshot() throws
    /// The next record, without a gap; its digest is right.
    func record(_ fields: RecordFields, payload: UnsafeRawBufferPointer) throws
}
