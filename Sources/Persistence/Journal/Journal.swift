/// Keeps records, in order, on stable storage.
///
/// One thread appends; the others' calls wait for it.
public protocol Journal: AnyObject, Sendable {
    /// Of the last durable record; 0 if there is none.
    var lastSequence: UInt64 { get }
    /// Stands for every record up to `lastSequence`.
    var chainDigest: ChainDigest { get }

    /// Returns when the record is on stable storage.
    ///
    /// The payload's buffers are written one after the other, straight from where they are.
    ///
    /// - Parameters:
    ///   - record: its first sequence follows `lastSequence`.
    ///   - mayUseReserve: for what must be written on a full disk, too: the closing of phases,
    ///     the deletion of accounts.
    /// - Throws: `full` when nothing was written, and the same record may be tried again. Any other
    ///   fault is for ever: the record may or may not be found by recovery, and all further ones
    ///   are refused.
    func append(
        _ record: RecordFields, payload: [UnsafeRawBufferPointer], mayUseReserve: Bool
    ) throws(StorageFault)

    /// Notes durably how far the journal has come. To be called every second while records are
    /// written; costs nothing when none was since.
    func markDurable() throws(StorageFault)

    /// Lets the next record begin a new segment, so that what was written up to now can be
    /// erased once two later snapshots exist.
    func roll() throws(StorageFault)

    /// Notes how far the journal has come, and refuses all further records.
    func close() throws(StorageFault)
}

extension Journal {
    /// Returns when the record, which has no claim to the reserve, is on stable storage.
    public func append(
        _ record: RecordFields, payload: [UnsafeRawBufferPointer]
    ) throws(StorageFault) {
        try append(record, payload: payload, mayUseReserve: false)
    }
}
