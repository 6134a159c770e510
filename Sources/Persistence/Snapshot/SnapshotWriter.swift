/// Writes one snapshot, on a thread of its own beside the journal's.
///
/// A snapshot, `snapshot-<sequence>.snap`, integers little-endian:
///
/// | offset | bytes | what |
/// |---|---|---|
/// | 0 | 96 | `FileHeader` of kind snapshot |
/// | 96 | 48 + content + 0 to 7 zeros | first chunk |
/// | … | … | further chunks, without a gap |
/// | size − 56 | 56 | footer |
///
/// A chunk:
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 4 | magic: `TCHK` |
/// | 4 | 4 | bytes of the content |
/// | 8 | 1 | kind, the writer's own |
/// | 9 | 7 | 0 |
/// | 16 | 32 | SHA-256 over the digest before, bytes 0–15, and the content |
/// | 48 | … | the content, then zeros up to the next multiple of 8 |
///
/// The footer:
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 4 | magic: `TEND` |
/// | 4 | 4 | 0 |
/// | 8 | 8 | count of chunks |
/// | 16 | 8 | bytes of all contents |
/// | 24 | 32 | SHA-256 over the digest before, and bytes 0–23 |
///
/// The digest before the first chunk is SHA-256 over the header.
///
/// **Valid** is a file in which every digest is right, padding is zero, and nothing follows the
/// footer; and only for a directory whose journal has the header's digest at the header's sequence.
///
/// **Order of writes and syncs**: everything goes into `snapshot-<sequence>.snap.tmp`, with an
/// `fdatasync` every so often; a last `fdatasync`; the durable mark moves to the sequence; the file
/// is renamed; `fsync` of the directory. A file under its final name is never written again.
public final class SnapshotWriter {
    private let directory: DataDirectory
    private let sequence: UInt64
    private let file: any StorageFile
    private let temporaryName: String
    private let buffer: UnsafeMutableRawBufferPointer
    private var buffered = 0
    private var written: Int64 = 0
    private var synced: Int64 = 0
    private var digest: ChainDigest
    private var chunks = 0
    private var contentBytes: Int64 = 0
    private var isOver = false

    /// - Parameters:
    ///   - sequence: the last one of a record that is durable; greater than 0.
    ///   - timestamp: of that record, ms since 1970.
    ///   - chainDigest: the journal's at that position.
    public init(
        _ directory: DataDirectory, sequence: UInt64, timestamp: Int64, chainDigest: ChainDigest
    ) throws(StorageFault) {
        precondition(sequence > 0, "a snapshot of nothing")
        self.directory = directory
        self.sequence = sequence
        temporaryName = FileName.snapshot(sequence) + FileName.temporarySuffix
        file = try directory.storage.open(temporaryName, for: .create)
        buffer = .allocate(
            byteCount: directory.limits.snapshotWriteBytes + ChunkFormat.headerSize
                + ChunkFormat.padded(directory.limits.maximumChunkBytes) + ChunkFormat.footerSize,
            alignment: ChunkFormat.alignment)
        let header = FileHeader(
            kind: .snapshot, identity: directory.identity, sequence: sequence,
            timestamp: timestamp, chainDigest: chainDigest
        ).encoded
        buffer.copyBytes(from: header)
        buffered = header.count
        digest = header.withUnsafeBytes { ChunkFormat.digest(ofHeader: $0) }
    }

    deinit {
        buffer.deallocate()
    }

    /// - Parameters:
    ///   - kind: the caller's own.
    ///   - bytes: at most `PersistenceLimits.maximumChunkBytes`; copied.
    public func appendChunk(kind: UInt8, _ bytes: UnsafeRawBufferPointer) throws(StorageFault) {
        precondition(!isOver, "a chunk for a snapshot that is finished or abandoned")
        precondition(bytes.count <= directory.limits.maximumChunkBytes, "a chunk is too large")
        let header = room(ChunkFormat.headerSize)
        digest = ChunkFormat.encodeHeader(kind: kind, bytes, after: digest, into: header)
        let content = room(ChunkFormat.padded(bytes.count))
        content.copyMemory(from: bytes)
        for index in bytes.count..<content.count {
            content[index] = 0
        }
        chunks += 1
        contentBytes += Int64(bytes.count)
        if buffered >= directory.limits.snapshotWriteBytes {
            try flush()
            if written - synced >= Int64(directory.limits.snapshotSyncBytes) {
                try file.sync()
                synced = written
            }
        }
    }

    /// Returns when the snapshot is durable under its final name.
    public func finish() throws(StorageFault) -> SnapshotSummary {
        precondition(!isOver, "a snapshot is finished twice")
        isOver = true
        ChunkFormat.encodeFooter(
            chunks: chunks, contentBytes: contentBytes, after: digest,
            into: room(ChunkFormat.footerSize))
        try flush()
        try file.sync()
        try directory.mark.advance(to: sequence)
        try directory.storage.rename(temporaryName, to: FileName.snapshot(sequence))
        try directory.storage.syncDirectory()
        return SnapshotSummary(sequence: sequence, chunks: chunks, bytes: written)
    }

    /// Removes what was written, after a fault or when it is not wanted any more.
    public func abandon() {
        isOver = true
        // What cannot be removed now means nothing by its name, and goes at the next start.
        try? directory.storage.remove(temporaryName)
    }

    private func room(_ bytes: Int) -> UnsafeMutableRawBufferPointer {
        let room = UnsafeMutableRawBufferPointer(rebasing: buffer[buffered..<buffered + bytes])
        buffered += bytes
        return room
    }

    private func flush() throws(StorageFault) {
        let full = UnsafeRawBufferPointer(rebasing: buffer[..<buffered])
        try file.write([full], at: written)
        written += Int64(buffered)
        buffered = 0
    }
}
