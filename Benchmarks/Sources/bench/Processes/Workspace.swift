import Foundation
import Glibc

/// The directory that holds every file of a run, and goes with it.
final class Workspace {
    let path: String

    init(in parent: String) throws {
        path = "\(parent)/tally-bench-\(getpid())"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o755])
    }

    /// Refuses a directory that is kept in memory: making things durable would cost nothing there, and
    /// no figure would mean anything.
    func requireDisk() throws {
        let kind = try output(of: ["stat", "-f", "-c", "%T", path])
        guard kind != "tmpfs", kind != "ramfs" else {
            throw Fault("\(path) is kept in memory: name a directory on a disk")
        }
    }

    /// Makes a directory of this name, empty, in place of one that may be there.
    func directory(_ name: String) throws -> String {
        let directory = "\(path)/\(name)"
        try? FileManager.default.removeItem(atPath: directory)
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        return directory
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func remove() {
        Self.remove(path)
    }

    /// Tries again for two seconds: a process that is just ending may still write a file.
    static func remove(_ path: String) {
        for _ in 0..<20 where FileManager.default.fileExists(atPath: path) {
            if (try? FileManager.default.removeItem(atPath: path)) == nil { usleep(100_000) }
        }
    }
}
