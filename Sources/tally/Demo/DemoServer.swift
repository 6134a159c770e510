import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// The real server, a child process of this executable on a data directory that is fresh.
final class DemoServer: Sendable {
    enum Fault: Error, CustomStringConvertible {
        case notFresh(String)
        case cannotStart(String)

        var description: String {
            switch self {
            case .notFresh(let directory):
                "\(directory) is not empty; the demonstration needs a fresh data directory"
            case .cannotStart(let why):
                "the server did not start: \(why)"
            }
        }
    }

    /// The port that is taken when it is free.
    static let usualPort = 8080
    /// Seconds that the server has to say that it listens, and to stop.
    private static let startPatience = 30
    private static let stopPatience = 20

    let address: ServerAddress
    let dataDirectory: String
    /// Ours, with its log; removed at the end.
    private let temporary: URL
    private let process: Mutex<Process>

    private init(
        address: ServerAddress, dataDirectory: String, temporary: URL, process: sending Process
    ) {
        self.address = address
        self.dataDirectory = dataDirectory
        self.temporary = temporary
        self.process = Mutex(process)
    }

    /// - Parameters:
    ///   - data: nil: a temporary directory, removed at the end.
    ///   - port: nil: 8080, or a free one when that is taken.
    static func start(data: String?, port: Int?) async throws -> DemoServer {
        if let data, let content = try? FileManager.default.contentsOfDirectory(atPath: data),
            !content.isEmpty
        {
            throw Fault.notFresh(data)
        }
        let temporary = FileManager.default.temporaryDirectory.appendingPathComponent(
            "tally-demo-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
        do {
            let directory = data ?? temporary.appendingPathComponent("data").path
            var chosen = port ?? usualPort
            if port == nil, !(await isFree(chosen)) { chosen = 0 }
            return try await launch(directory, chosen, temporary)
        } catch {
            try? FileManager.default.removeItem(at: temporary)
            throw error
        }
    }

    private static func isFree(_ port: Int) async -> Bool {
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        guard let channel = try? await bootstrap.bind(host: "127.0.0.1", port: port).get() else {
            return false
        }
        try? await channel.close()
        return true
    }

    private static func launch(
        _ directory: String, _ port: Int, _ temporary: URL
    ) async throws -> DemoServer {
        guard let executable = Bundle.main.executableURL else {
            throw Fault.cannotStart("the path of this program is not known")
        }
        let log = temporary.appendingPathComponent("server.log")
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        let process = Process()
        let output = Pipe()
        process.executableURL = executable
        process.arguments = ["serve", "--data", directory, "--listen", "127.0.0.1:\(port)"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: log)
        try process.run()
        guard let line = await firstLine(of: output, while: process),
            let url = line.split(separator: " ").last.map(String.init),
            let address = ServerAddress(url: url)
        else {
            if process.isRunning { process.terminate() }
            let text = try? String(contentsOf: log, encoding: .utf8)
            throw Fault.cannotStart(
                text?.split(separator: "\n").last.map(String.init) ?? "it said nothing")
        }
        return DemoServer(
            address: address, dataDirectory: directory, temporary: temporary, process: process)
    }

    /// Nil: it ended, or took too long.
    private static func firstLine(of output: Pipe, while process: Process) async -> String? {
        let read = FirstLine()
        output.fileHandleForReading.readabilityHandler = { handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil }
            read.append(data)
        }
        for _ in 0..<(startPatience * 50) {
            if let line = read.line { return line }
            guard process.isRunning, !Task.isCancelled else { return read.line }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return nil
    }

    var isRunning: Bool { process.withLock { $0.isRunning } }

    /// The end of what the server has logged.
    var lastWords: String {
        let log = temporary.appendingPathComponent("server.log")
        let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(5).joined(separator: "\n")
    }

    /// Stops it as an operator would, and removes what is ours. Also when the caller's task is cancelled.
    func stop() async {
        await Task.detached { [self] in
            process.withLock { if $0.isRunning { $0.terminate() } }
            for _ in 0..<(Self.stopPatience * 50) where isRunning {
                try? await Task.sleep(for: .milliseconds(20))
            }
            process.withLock { if $0.isRunning { kill($0.processIdentifier, SIGKILL) } }
            try? FileManager.default.removeItem(at: temporary)
        }.value
    }
}
