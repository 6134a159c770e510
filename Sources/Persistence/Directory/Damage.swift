/// What stands in a file is not what was made durable there. Nothing is served, and nothing is
/// changed.
public struct Damage: Error, Equatable, Sendable {
    public var file: String
    /// Bytes from the start of the file.
    public var offset: Int64
    public var reason: String

    public init(file: String, offset: Int64, reason: String) {
        self.file = file
        self.offset = offset
        self.reason = reason
    }
}

extension Damage: CustomStringConvertible {
    public var description: String {
        "'\(file)' is damaged at byte \(offset): \(reason)"
    }
}
