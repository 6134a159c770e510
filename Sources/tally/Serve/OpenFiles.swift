import Gateway
import Glibc
import Logging

/// What the system lets this process have open.
enum OpenFiles {
    /// Files and connections of the server's own, beside those of its clients.
    private static let own = 256

    /// Has the system allow as many as it will, and holds the connections below it: a process that can
    /// open nothing more cannot write its journal.
    static func makeRoom(for limits: inout ServerLimits, logger: Logger) {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        if limit.rlim_cur < limit.rlim_max {
            var most = limit
            most.rlim_cur = limit.rlim_max
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &most) == 0 { limit = most }
        }
        let room = max(1, Int(clamping: limit.rlim_cur) - own)
        guard room < limits.transport.connections else { return }
        limits.transport.connections = room
        logger.warning(
            "the system allows fewer open files than connections are to be taken",
            metadata: ["files": "\(limit.rlim_cur)", "connections": "\(room)"])
    }
}
