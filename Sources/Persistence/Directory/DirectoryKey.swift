/// The secret of a data directory: 16 random bytes.
public struct DirectoryKey: Equatable, Sendable {
    /// Bytes 0–7, little-endian.
    public let low: UInt64
    /// Bytes 8–15, little-endian.
    public let high: UInt64

    var bytes: [UInt8] {
        withUnsafeBytes(of: (low.littleEndian, high.littleEndian)) { Array($0) }
    }
}

extension DirectoryKey: CustomStringConvertible, CustomReflectable {
    /// Says nothing, so that no log can.
    public var description: String { "DirectoryKey(secret)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
