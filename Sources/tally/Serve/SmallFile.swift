import Foundation

/// A file of keys or certificates, small enough to be read whole.
struct SmallFile: Sendable {
    /// Which content of a file it was; another one has another.
    struct Stamp: Equatable, Sendable {
        var inode: UInt64
        var bytes: UInt64
        var changed: Date
    }

    /// Why a file cannot be taken.
    struct Unfit: Error, CustomStringConvertible {
        var file: String
        var reason: any Error
        var description: String { "'\(file)': \(reason)" }
    }

    /// The largest that is read, in bytes.
    static let limit = 1 << 20

    let path: String

    /// What the file is now, behind a symbolic link what that leads to; nil when it is not there.
    func stamp() -> Stamp? {
        let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let found = try? FileManager.default.attributesOfItem(atPath: resolved),
            let inode = found[.systemFileNumber] as? UInt64,
            let bytes = found[.size] as? UInt64,
            let changed = found[.modificationDate] as? Date
        else { return nil }
        return Stamp(inode: inode, bytes: bytes, changed: changed)
    }

    /// - Throws: `Unfit`
    func content() throws -> [UInt8] {
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            let content = try handle.read(upToCount: Self.limit + 1) ?? Data()
            guard content.count <= Self.limit else {
                throw TokenFile.Failure(description: "it has more than \(Self.limit) bytes")
            }
            return Array(content)
        } catch {
            throw Unfit(file: path, reason: error)
        }
    }
}
