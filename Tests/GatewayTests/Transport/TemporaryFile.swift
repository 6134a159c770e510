import Foundation

/// A file that lives as long as its owner.
final class TemporaryFile {
    let path: String

    /// Of zeros.
    convenience init(bytes: Int) throws {
        try self.init(Data(count: bytes))
    }

    init(_ content: some Sequence<UInt8>) throws {
        path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
        try Data(content).write(to: URL(filePath: path))
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
