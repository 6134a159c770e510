internal import Crypto

/// The parts of a snapshot behind its header; see the header comment of `SnapshotWriter`.
enum ChunkFormat {
    static let headerSize = 48
    static let footerSize = 56
    static let alignment = 8
    /// `TCHK`
    static let chunkMagic: UInt32 = 0x4B48_4354
    /// `TEND`
    static let footerMagic: UInt32 = 0x444E_4554
    /// What a chunk's digest takes in of its header.
    private static let hashedHeaderBytes = 16
    /// What the last digest takes in of the footer.
    private static let hashedFooterBytes = 24

    static func padded(_ bytes: Int) -> Int {
        (bytes + alignment - 1) & ~(alignment - 1)
    }

    /// What the digests of a snapshot begin with.
    static func digest(ofHeader header: UnsafeRawBufferPointer) -> ChainDigest {
        var hash = SHA256()
        hash.update(bufferPointer: header)
        return ChainDigest(hash.finalize())
    }

    /// The digest that a chunk must carry after `previous`.
    static func digest(
        header: UnsafeRawBufferPointer, content: UnsafeRawBufferPointer, after previous: ChainDigest
    ) -> ChainDigest {
        var hash = previous.hash()
        hash.update(bufferPointer: header.part(0, hashedHeaderBytes))
        hash.update(bufferPointer: content)
        return ChainDigest(hash.finalize())
    }

    /// The digest that a footer must carry after the last chunk's.
    static func digest(footer: UnsafeRawBufferPointer, after previous: ChainDigest) -> ChainDigest {
        var hash = previous.hash()
        hash.update(bufferPointer: footer.part(0, hashedFooterBytes))
        return ChainDigest(hash.finalize())
    }

    /// Writes the header of a chunk, and computes its digest.
    static func encodeHeader(
        kind: UInt8, _ content: UnsafeRawBufferPointer, after previous: ChainDigest,
        into bytes: UnsafeMutableRawBufferPointer
    ) -> ChainDigest {
        bytes.setField(0, chunkMagic)
        bytes.setField(4, UInt32(content.count))
        bytes.setField(8, UInt64(kind))
        let digest = digest(
            header: UnsafeRawBufferPointer(bytes), content: content, after: previous)
        digest.store(to: bytes, at: hashedHeaderBytes)
        return digest
    }

    static func encodeFooter(
        chunks: Int, contentBytes: Int64, after previous: ChainDigest,
        into bytes: UnsafeMutableRawBufferPointer
    ) {
        bytes.setField(0, footerMagic)
        bytes.setField(4, UInt32(0))
        bytes.setField(8, UInt64(chunks))
        bytes.setField(16, UInt64(contentBytes))
        digest(footer: UnsafeRawBufferPointer(bytes), after: previous)
            .store(to: bytes, at: hashedFooterBytes)
    }

    static func digestField(ofChunk header: UnsafeRawBufferPointer) -> ChainDigest {
        ChainDigest(header.part(hashedHeaderBytes, ChainDigest.size))
    }

    static func digestField(ofFooter footer: UnsafeRawBufferPointer) -> ChainDigest {
        ChainDigest(footer.part(hashedFooterBytes, ChainDigest.size))
    }
}
