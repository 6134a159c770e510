import Glibc

/// Why the storage did not do what was asked. Only `full` may be tried again.
public enum StorageFault: Error, Equatable, Sendable {
    /// There is no room, or the quota is used up; what was asked for did not happen.
    case full(file: String)
    /// Another process holds the data directory at this path.
    case locked(path: String)
    /// The file does not exist.
    case missing(file: String)
    /// Anything else; `code` is the `errno` of the operation.
    case failed(operation: StorageOperation, file: String, code: Int32)
    /// The journal was closed before.
    case closed
}

extension StorageFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .full(let file):
            "no room left for '\(file)'"
        case .locked(let path):
            "another process holds the data directory '\(path)'"
        case .missing(let file):
            "the file '\(file)' does not exist"
        case .failed(let operation, let file, let code):
            "cannot \(operation.rawValue) '\(file)': \(String(cString: strerror(code)))"
                + " (errno \(code))"
        case .closed:
            "the journal is closed"
        }
    }
}
