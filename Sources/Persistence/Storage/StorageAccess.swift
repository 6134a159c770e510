/// What a file is opened for.
public enum StorageAccess: Sendable {
    /// It must exist.
    case read
    /// It must exist; reading and writing.
    case update
    /// Made empty if it exists; reading and writing. Only the owner may read it (mode 0600).
    case create
}
