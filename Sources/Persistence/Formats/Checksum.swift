internal import Crypto

/// The first bytes of a SHA-256 digest, for fixed structures that are not part of a chain.
enum Checksum {
    /// The first 16 bytes of the digest, as two little-endian integers.
    static func of(_ bytes: UnsafeRawBufferPointer) -> (UInt64, UInt64) {
        var hash = SHA256()
        hash.update(bufferPointer: bytes)
        return hash.finalize().withUnsafeBytes { ($0.field(0), $0.field(8)) }
    }

    /// Puts 16 bytes at `offset`, over all that stands before.
    static func seal(_ bytes: UnsafeMutableRawBufferPointer, at offset: Int) {
        let sum = of(UnsafeRawBufferPointer(bytes).part(0, offset))
        bytes.setField(offset, sum.0)
        bytes.setField(offset + 8, sum.1)
    }

    static func isSealed(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
        of(bytes.part(0, offset)) == (bytes.field(offset), bytes.field(offset + 8))
    }
}
