/// The file `key`: 48 bytes, integers little-endian, readable by its owner only.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 8 | magic: `TALLYKEY` |
/// | 8 | 4 | format version, 1 |
/// | 12 | 4 | 0 |
/// | 16 | 16 | the key |
/// | 32 | 16 | checksum: first 16 bytes of SHA-256 over bytes 0–31 |
///
/// It is written once, before any other file: temporary file, sync, rename, sync of the directory.
enum KeyFile {
    private static let size = 48
    /// `TALLYKEY`
    private static let magic: UInt64 = 0x5945_4B59_4C4C_4154
    private static let formatVersion: UInt32 = 1
    private static let checksumOffset = 32

    /// nil if there is none.
    static func read(from storage: any Storage) throws -> DirectoryKey? {
        guard let bytes = try storage.contents(of: FileName.key, atMost: size + 1) else {
            return nil
        }
        return try bytes.withUnsafeBytes { buffer in
            let damage = Damage(
                file: FileName.key, offset: 0, reason: "it is not a whole key file")
            guard buffer.count >= size, buffer.field(0) == magic else { throw damage }
            let version: UInt32 = buffer.field(8)
            let isWhole = buffer.count == size && Checksum.isSealed(buffer, at: checksumOffset)
            // A file of another size can only be of another format: this one never had another.
            if version != formatVersion, isWhole || buffer.count > size {
                throw DirectoryFault.unknownFormat(
                    file: FileName.key, version: version, known: formatVersion)
            }
            guard isWhole else { throw damage }
            return DirectoryKey(low: buffer.field(16), high: buffer.field(24))
        }
    }

    static func create(in storage: any Storage) throws(StorageFault) -> DirectoryKey {
        var generator = SystemRandomNumberGenerator()
        let key = DirectoryKey(low: generator.next(), high: generator.next())
        try write(key, to: storage)
        return key
    }

    /// Durable when it returns.
    static func write(_ key: DirectoryKey, to storage: any Storage) throws(StorageFault) {
        var bytes = [UInt8](repeating: 0, count: size)
        bytes.withUnsafeMutableBytes { buffer in
            buffer.setField(0, magic)
            buffer.setField(8, formatVersion)
            buffer.setField(16, key.low)
            buffer.setField(24, key.high)
            Checksum.seal(buffer, at: checksumOffset)
        }
        try storage.replace(FileName.key, with: bytes)
    }
}
