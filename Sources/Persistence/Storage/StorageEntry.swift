/// A file as a directory listing shows it.
public struct StorageEntry: Equatable, Sendable {
    public var name: String
    /// Bytes.
    public var size: Int64

    public init(name: String, size: Int64) {
        self.name = name
        self.size = size
    }
}
