/// Reads one snapshot, and judges it by the rules in the header comment of `SnapshotWriter`.
struct SnapshotReader {
    let name: String
    let header: SnapshotHeader
    /// Of the file.
    var bytes: Int64 { scanner.size }
    private let scanner: FileScanner
    private let headerDigest: ChainDigest

    /// Reads the header, and looks whether the file has an end.
    ///
    /// - Throws: `StorageFault`, `Damage` or `DirectoryFault`.
    init(
        _ storage: any Storage, sequence: UInt64, expecting identity: FileIdentity, readBytes: Int
    ) throws {
        name = FileName.snapshot(sequence)
        scanner = try FileScanner(storage, name, readBytes: readBytes)
        guard let bytes = try scanner.bytes(at: 0, FileHeader.size) else {
            throw Damage(file: name, offset: scanner.size, reason: "the file ends in its header")
        }
        let decoded = try FileHeader(
            decoding: bytes, kind: .snapshot, file: name, expecting: identity)
        headerDigest = ChunkFormat.digest(ofHeader: bytes)
        let end = scanner.size - Int64(ChunkFormat.footerSize)
        guard
            end >= Int64(FileHeader.size), end % Int64(ChunkFormat.alignment) == 0,
            let footer = try scanner.bytes(at: end, ChunkFormat.footerSize),
            footer.field(0) == ChunkFormat.footerMagic
        else {
            throw Damage(file: name, offset: scanner.size, reason: "the file has no footer")
        }
        guard decoded.sequence == sequence else {
            throw Damage(
                file: name, offset: 0,
                reason: "its header says that it was taken at sequence \(decoded.sequence)")
        }
        header = SnapshotHeader(
            sequence: decoded.sequence, timestamp: decoded.timestamp,
            chainDigest: decoded.chainDigest)
    }

    /// Hands over all chunks, each when its own digest was found right.
    ///
    /// - Parameter chunk: gets the kind, and the content at an address that is a multiple of 8.
    /// - Returns: what is wrong with the file; nil for a valid one.
    /// - Throws: `StorageFault`, and what `chunk` throws.
    func read(_ chunk: (UInt8, UnsafeRawBufferPointer) throws -> Void) throws -> Damage? {
        let end = scanner.size - Int64(ChunkFormat.footerSize)
        var offset = Int64(FileHeader.size)
        var digest = headerDigest
        var chunks: UInt64 = 0
        var contentBytes: UInt64 = 0
        while offset < end {
            guard
                let start = try scanner.bytes(at: offset, ChunkFormat.headerSize),
                start.field(0) == ChunkFormat.chunkMagic
            else { return damage(offset, "there is no chunk header") }
            let length = Int(start.field(4, as: UInt32.self))
            let padded = ChunkFormat.padded(length)
            guard
                offset + Int64(ChunkFormat.headerSize + padded) <= end,
                let whole = try scanner.bytes(at: offset, ChunkFormat.headerSize + padded)
            else { return damage(offset, "the chunk is longer than the file") }
            let content = whole.part(ChunkFormat.headerSize, length)
            let expected = ChunkFormat.digest(header: whole, content: content, after: digest)
            guard expected == ChunkFormat.digestField(ofChunk: whole) else {
                return damage(offset, "the chunk's digest is wrong")
            }
            guard whole.part(ChunkFormat.headerSize + length, padded - length).isZero else {
                return damage(offset, "the chunk's padding is not zero")
            }
            try chunk(whole[8], content)
            digest = expected
            chunks += 1
            contentBytes += UInt64(length)
            offset += Int64(ChunkFormat.headerSize + padded)
        }
        guard
            offset == end, let footer = try scanner.bytes(at: end, ChunkFormat.footerSize),
            footer.field(0) == ChunkFormat.footerMagic, footer.field(8) == chunks,
            footer.field(16) == contentBytes,
            ChunkFormat.digest(footer: footer, after: digest)
                == ChunkFormat.digestField(ofFooter: footer)
        else { return damage(end, "the footer does not fit what stands before it") }
        return nil
    }

    private func damage(_ offset: Int64, _ reason: String) -> Damage {
        Damage(file: name, offset: offset, reason: reason)
    }
}
