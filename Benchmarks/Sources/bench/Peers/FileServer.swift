import Foundation

/// nghttpd, the reference server of nghttp2, answering with files: one worker, HTTP/2 over cleartext.
final class FileServer {
    let port: Int
    let process: ChildProcess

    /// - Parameter files: their contents by name.
    init(_ files: [String: [UInt8]], in workspace: Workspace) throws {
        let directory = try workspace.directory("nghttpd")
        for (name, content) in files {
            try Data(content).write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
        }
        port = try freePort()
        process = try ChildProcess(
            [
                "nghttpd", "--no-tls", "-n", "1", "-a", "127.0.0.1", "-m", "256", "-d", directory,
                "\(port)",
            ].resolved(), output: .file(workspace.file("nghttpd.log")))
        let port = port
        _ = try eventually(within: 5) { try Socket(port: port) }
    }

    static func version() throws -> String {
        // nghttpd nghttp2/1.52.0
        let line = try output(of: ["nghttpd", "--version"])
        return line.replacingOccurrences(of: "nghttp2/", with: "")
    }

    func url(_ name: String) -> String { "http://127.0.0.1:\(port)/\(name)" }

    func stop() {
        process.end()
    }
}
