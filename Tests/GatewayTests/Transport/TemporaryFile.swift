import Foundation

/// A file of zeros that lives as long as its owner.
final class TemporaryFile {
    let path: String

    init(bytes: Int) throws {
        path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
        try Data(count: bytes).write(to: URL(filePath: path))
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
