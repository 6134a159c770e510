/// What was asked of the storage when a fault occurred.
public enum StorageOperation: String, Sendable {
    case openDirectory = "open the directory"
    case lock
    case list
    case open
    case create
    case preallocate
    case write
    case read
    case size = "ask the size of"
    case sync
    case rename
    case remove
    case syncDirectory = "sync the directory of"
}
