/// Every size that the files of a data directory are bound by, with its default.
///
/// None of them is part of a format: a directory may be opened with others than it was written
/// with.
public struct PersistenceLimits: Equatable, Sendable {
    /// Bytes a segment of the journal is preallocated with.
    public var segmentBytes = 64 << 20
    /// Bytes kept for records that must be written on a full disk; one record of that kind may
    /// not be larger than this less `RecordHeader.size` and `FileHeader.size`.
    public var reserveBytes = 8 << 20
    /// Bytes the payload of one record may have.
    public var maximumRecordBytes = 16 << 20
    /// Bytes one chunk of a snapshot may have.
    public var maximumChunkBytes = 1 << 20
    /// Bytes of zeros that the journal writes ahead of small records: a sync is twice as fast where
    /// the disk's blocks were written before, because the file system then has nothing to note.
    public var zeroAheadBytes = 64 << 10
    /// Bytes that are read at once.
    public var readBytes = 4 << 20
    /// Bytes a snapshot gathers before it writes them.
    public var snapshotWriteBytes = 1 << 20
    /// Bytes of a snapshot that may wait for a sync: much dirty memory would hold up the
    /// journal's own syncs.
    public var snapshotSyncBytes = 4 << 20

    public init() {}

    /// Bytes that a segment needs for the largest record.
    var largestSegmentUse: Int {
        FileHeader.size + RecordHeader.size + RecordHeader.padded(maximumRecordBytes)
    }
}
