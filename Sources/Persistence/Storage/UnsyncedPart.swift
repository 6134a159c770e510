/// What a power cut may or may not leave of `MemoryStorage`, each part by itself.
public enum UnsyncedPart: Equatable, Sendable {
    /// 512 bytes of a file, from this offset on, written since the file's last sync.
    case sector(file: String, offset: Int64)
    /// All that was created, renamed and removed since the directory's last sync.
    case names
    /// One creation, renaming or removal since the directory's last sync, the first is 0; asked for
    /// when not all of them are kept.
    case nameChange(Int)
    /// How far a file grew since its last sync; what is not kept of its content reads as zeros.
    case size(file: String)
}
