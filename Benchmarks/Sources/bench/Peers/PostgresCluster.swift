import Foundation

/// A private PostgreSQL cluster. Everything that durability rests on is as it comes (`fsync`,
/// `synchronous_commit`, `full_page_writes`); what only costs speed is out of the way: caches are
/// large, and no checkpoint, vacuum or compilation falls into the measurement.
final class PostgresCluster {
    static let programs = "/usr/lib/postgresql/15/bin"
    private static let settings = [
        "listen_addresses": "", "shared_buffers": "2GB", "max_wal_size": "16GB",
        "checkpoint_timeout": "1h", "wal_buffers": "64MB", "wal_level": "minimal",
        "max_wal_senders": "0", "jit": "off", "autovacuum": "off", "temp_buffers": "128MB",
        "work_mem": "128MB",
    ]

    let socketPath: String
    private let process: ChildProcess

    init(in workspace: Workspace) throws {
        let directory = try workspace.directory("postgres")
        let log = workspace.file("postgres.log")
        // PostgreSQL refuses to run as root.
        let user = getuid() == 0 ? "postgres" : nil
        try Data().write(to: URL(fileURLWithPath: log))
        if let user {
            try ChildProcess(
                ["chown", user, directory, log].resolved(), output: .file(log)
            ).finish()
        }
        try ChildProcess(
            [
                "\(Self.programs)/initdb", "-D", "\(directory)/data", "-U", "postgres",
                "--auth=trust", "--locale=C", "--encoding=UTF8",
            ], user: user, output: .file(log)
        ).finish()
        var command = ["\(Self.programs)/postgres", "-D", "\(directory)/data", "-k", directory]
        for (name, value) in Self.settings { command += ["-c", "\(name)=\(value)"] }
        process = try ChildProcess(command, user: user, output: .file(log))
        socketPath = "\(directory)/.s.PGSQL.5432"
        let path = socketPath
        do {
            _ = try eventually(within: 20) { try PostgresConnection(path: path) }
        } catch {
            throw Fault("postgres does not answer: \(error)\n\(process.complaint)")
        }
    }

    static func version() throws -> String {
        // postgres (PostgreSQL) 15.18 (Debian …)
        let words = try output(of: ["\(programs)/postgres", "--version"]).split(separator: " ")
        guard words.count >= 3 else { throw Fault("postgres --version says \(words)") }
        return "PostgreSQL \(words[2])"
    }

    func stop() {
        // A fast shutdown: sessions are ended, not waited for.
        process.end(SIGINT)
    }
}
