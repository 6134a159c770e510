import Foundation
import Glibc

/// A process that a measurement started.
///
/// It is started through `setpriv --pdeathsig`, so that the kernel ends it even when the benchmark
/// itself is killed. That signal follows the thread that started it: processes are started on the
/// main thread only.
final class ChildProcess {
    /// Where the output of a process goes.
    enum Output {
        /// Both standard output and standard error to this file.
        case file(String)
        /// Standard output to be read here, standard error to this file.
        case pipe(errors: String)
    }

    let name: String
    let processID: pid_t
    /// The reading end of standard output, or -1 when that goes to a file.
    let standardOutput: Int32
    private let errors: String
    /// The exit status, or 128 plus the signal that ended it; nil while it runs.
    private var status: Int32?

    /// - Parameters:
    ///   - command: the program's path or name, and its arguments.
    ///   - user: the user to run as; only root may name one.
    /// - Throws: `Fault` when it cannot be started.
    init(
        _ command: [String], user: String? = nil, output: Output
    ) throws {
        precondition(Thread.isMainThread, "a process outlives no thread but the main one")
        name = (command[0] as NSString).lastPathComponent
        var line = ["/usr/bin/setpriv", "--pdeathsig", "KILL"]
        if let user {
            line += ["--reuid", user, "--regid", user, "--init-groups"]
        }
        line += ["--"] + command
        var readEnd: Int32 = -1
        var writeEnd: Int32 = -1
        switch output {
        case .file(let path):
            errors = path
        case .pipe(let path):
            errors = path
            var ends: [Int32] = [-1, -1]
            try systemCall("pipe") { pipe(&ends) }
            for end in ends { try systemCall("fcntl") { fcntl(end, F_SETFD, FD_CLOEXEC) } }
            (readEnd, writeEnd) = (ends[0], ends[1])
        }
        standardOutput = readEnd
        defer { if writeEnd >= 0 { close(writeEnd) } }
        processID = try Self.spawn(
            line, standardOutput: writeEnd, errors: errors)
        RunningProcesses.add(processID)
    }

    private static func spawn(
        _ line: [String], standardOutput: Int32, errors: String
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(
            &actions, 2, errors, O_WRONLY | O_CREAT | O_APPEND, 0o666)
        posix_spawn_file_actions_adddup2(&actions, standardOutput >= 0 ? standardOutput : 2, 1)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A group of its own, so that Ctrl-C reaches the benchmark alone, which then ends all others;
        // and no blocked signals: the benchmark blocks those that it waits for.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))

        let arguments = line.map { strdup($0) } + [nil]
        defer {
            for argument in arguments { free(argument) }
        }
        var processID: pid_t = 0
        let error = posix_spawn(&processID, line[0], &actions, &attributes, arguments, environ)
        guard error == 0 else {
            throw Fault("cannot start \(line[0]): \(String(cString: strerror(error)))")
        }
        return processID
    }

    /// The last lines that the process wrote to its log.
    var complaint: String {
        let text = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(6).joined(separator: "\n")
    }

    /// Waits until it ends by itself.
    /// - Throws: `Fault` with its last words when it failed.
    func finish() throws {
        let status = wait()
        guard status == 0 else { throw Fault("\(name) ended with \(status): \(complaint)") }
    }

    /// Sends the signal and waits for the end.
    /// - Returns: the exit status, or 128 plus the signal that ended it.
    @discardableResult
    func end(_ signal: Int32 = SIGTERM) -> Int32 {
        if let status { return status }
        kill(processID, signal)
        return wait()
    }

    private func wait() -> Int32 {
        if let status { return status }
        var state: Int32 = 0
        while waitpid(processID, &state, 0) == -1, errno == EINTR {}
        RunningProcesses.remove(processID)
        let signal = state & 0x7f
        let status = signal == 0 ? (state >> 8) & 0xff : 128 + signal
        self.status = status
        return status
    }

    deinit {
        if status == nil { end(SIGKILL) }
        if standardOutput >= 0 { close(standardOutput) }
    }
}
