import Glibc
import Synchronization

/// The processes that must not outlive the benchmark.
enum RunningProcesses {
    private static let running = Mutex<Set<pid_t>>([])

    static func add(_ processID: pid_t) {
        running.withLock { _ = $0.insert(processID) }
    }

    static func remove(_ processID: pid_t) {
        running.withLock { _ = $0.remove(processID) }
    }

    /// Ends them all with their groups: first politely, since PostgreSQL's processes leave its group and end
    /// with their parent, and then for good.
    static func endAll() {
        let all = running.withLock { $0 }
        for processID in all { kill(-processID, SIGINT) }
        for _ in 0..<20 where all.contains(where: { kill($0, 0) == 0 }) {
            for processID in all { waitpid(processID, nil, WNOHANG) }
            usleep(100_000)
        }
        for processID in all { kill(-processID, SIGKILL) }
    }
}
