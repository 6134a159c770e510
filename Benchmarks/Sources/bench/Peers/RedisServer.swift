import Foundation

/// A private Redis whose every write is durable before it is answered.
final class RedisServer {
    let port: Int
    private let process: ChildProcess

    init(in workspace: Workspace) throws {
        let directory = try workspace.directory("redis")
        port = try freePort()
        // No snapshots and no rewriting of the journal: nothing but the votes costs anything.
        process = try ChildProcess(
            [
                "redis-server", "--port", "\(port)", "--bind", "127.0.0.1", "--dir", directory,
                "--save", "", "--appendonly", "yes", "--appendfsync", "always",
                "--auto-aof-rewrite-percentage", "0", "--daemonize", "no",
            ].resolved(), output: .file(workspace.file("redis.log")))
        let port = port
        do {
            _ = try eventually(within: 10) { try RedisConnection(port: port) }
        } catch {
            throw Fault("redis-server does not answer: \(error)\n\(process.complaint)")
        }
    }

    static func version() throws -> String {
        // Redis server v=7.0.15 sha=… malloc=…
        let line = try output(of: ["redis-server", "--version"])
        guard let field = line.split(separator: " ").first(where: { $0.hasPrefix("v=") }) else {
            throw Fault("redis-server --version says \(line)")
        }
        return "Redis \(field.dropFirst(2))"
    }

    func stop() {
        process.end()
    }
}
