/// What a power cut may or may not leave of `MemoryStorage`, each part by itself.
public enum UnsyncedPart: Equatable, Sendable {
    /// 512 bytes of a file, from this offset on, written since the file's last sync.
    case sector(file: String, offset: Int64)
    /// The files created, renamed and removed since the directory's last sync.
    case names
}
