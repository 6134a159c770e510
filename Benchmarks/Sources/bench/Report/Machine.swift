import Foundation
import Glibc

/// The machine that a run is made on.
struct Machine: CustomStringConvertible {
    var cores: Int
    var processor: String
    var memoryGiB: Int
    var kernel: String
    var system: String
    /// The median time of making 4 KiB durable in the directory of the run, milliseconds.
    var syncMilliseconds: Double

    init(workspace: Workspace) throws {
        cores = ProcessInfo.processInfo.activeProcessorCount
        processor = Self.field("model name", in: "/proc/cpuinfo", separator: ":") ?? "unknown"
        let kilobytes = Self.field("MemTotal", in: "/proc/meminfo", separator: ":")?
            .split(separator: " ").first.flatMap { Int($0) }
        memoryGiB = ((kilobytes ?? 0) + (1 << 19)) >> 20
        kernel = try String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        system =
            Self.field("PRETTY_NAME", in: "/etc/os-release", separator: "=")?
            .trimmingCharacters(in: ["\""]) ?? "Linux"
        syncMilliseconds = try Self.syncTime(workspace.file("sync"))
    }

    var description: String {
        "\(cores) cores (\(processor)), \(memoryGiB) GiB of memory, \(system), Linux \(kernel);"
            + " making 4 KiB durable takes "
            + String(format: "%.1f ms", syncMilliseconds)
    }

    private static func field(_ name: String, in file: String, separator: Character) -> String? {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return nil }
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            let parts = line.split(separator: separator, maxSplits: 1)
            if parts.count == 2 { return parts[1].trimmingCharacters(in: .whitespaces) }
        }
        return nil
    }

    private static func syncTime(_ file: String) throws -> Double {
        let descriptor = try systemCall("open \(file)") {
            open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        }
        defer {
            close(descriptor)
            unlink(file)
        }
        let block = [UInt8](repeating: 1, count: 4096)
        let times = try (0..<100).map { _ in
            try systemCall("write") { pwrite(descriptor, block, block.count, 0) }
            let watch = Stopwatch()
            try systemCall("fdatasync") { fdatasync(descriptor) }
            return watch.seconds * 1000
        }
        return Figure.quantile(times, 0.5)
    }
}
