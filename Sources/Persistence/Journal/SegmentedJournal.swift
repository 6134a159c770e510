import Synchronization

/// The journal as a row of flat files.
///
/// A segment, `journal-<first sequence>.seg`:
///
/// | offset | bytes | what |
/// |---|---|---|
/// | 0 | 96 | `FileHeader` of kind segment |
/// | 96 | 80 + payload + 0 to 7 zeros | first record: `RecordHeader`, payload, padding |
/// | … | … | further records, without a gap |
/// | … | to the end of the file | zeros: room that is not used yet |
///
/// **Valid** is a record whose header has the right checksum, whose first sequence follows the
/// record before, whose padding is zero, and whose digest follows from the digest before. The first
/// record of a segment follows the last one of the segment before; the segment's header repeats
/// that one's digest. The first segment of all begins at sequence 1 with a digest over the key's
/// fingerprint.
///
/// **The end** is where only zeros follow. A record that is not valid is
/// - a torn tail, if it stands in the last segment, no valid record header follows it anywhere, a
///   part of it may be missing (a sector, or all from some byte on, is zero), and every sequence up
///   to the durable mark and the newest snapshot comes before it: its write was never finished, so
///   nobody was told that it was;
/// - damage in every other case.
///
/// **Order of writes and syncs.** A record: one `pwritev` into room that is preallocated, one
/// `fdatasync`, then the caller is told. The same `pwritev` puts zeros behind small records now and
/// then: they change nothing in what the file says, and make the next syncs cheaper.
///
/// A new segment:
/// 1. (ahead of need) the file `spare` is preallocated and synced, because some file systems find
///    out only then that they are full;
/// 2. the header is written into it, `fdatasync`;
/// 3. it is renamed to the segment's name, `fsync` of the directory;
/// 4. the durable mark moves to the last sequence before, `fdatasync`;
/// 5. the next `spare` is preallocated.
///
/// On a full disk step 1 fails, and records are refused before anything is written. Those that
/// may use the reserve then go into the file `reserve`, which becomes a small segment by
/// steps 2 to 4. It is replaced, before any other record is taken, when there is room again.
///
/// A record is never written twice and a sync never repeated: after any fault but a full disk
/// met in steps 1 to 2, the journal takes nothing more.
public final class SegmentedJournal: Journal {
    private let writer: Mutex<JournalWriter>

    init(_ writer: consuming sending JournalWriter) {
        self.writer = Mutex(writer)
    }

    public var lastSequence: UInt64 { writer.withLock(\.lastSequence) }

    public var chainDigest: ChainDigest { writer.withLock(\.chainDigest) }

    public func append(
        _ record: RecordFields, payload: [UnsafeRawBufferPointer], mayUseReserve: Bool
    ) throws(StorageFault) {
        try writer.withLock { writer throws(StorageFault) in
            try writer.append(record, payload: payload, mayUseReserve: mayUseReserve)
        }
    }

    public func markDurable() throws(StorageFault) {
        try writer.withLock { writer throws(StorageFault) in try writer.markDurable() }
    }

    public func roll() throws(StorageFault) {
        try writer.withLock { writer throws(StorageFault) in try writer.roll() }
    }

    public func close() throws(StorageFault) {
        try writer.withLock { writer throws(StorageFault) in try writer.close() }
    }
}
