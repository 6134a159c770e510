import Glibc

/// Points of the running process at which a test ends it as a power cut would, or has the disk fail.
///
/// Before and after every change that it makes on a disk, and around every acknowledgement, the
/// process passes a point with a name. Off unless one of these variables is in the environment
/// when the process starts; then a point costs one branch:
///
/// | variable | effect |
/// |---|---|
/// | `TALLY_FAILPOINT=NAME[:N]` | SIGKILL when the point is reached for the `N`-th time (1) |
/// | `TALLY_FAILPOINT_TRACE=FILE` | each name is appended to the file when it is first reached |
/// | `TALLY_FAULT=CALL:FAULT[:N[+]]` | the `N`-th such call (1), or with `+` all from it on, fail |
///
/// The name of a point is `OPERATION.FILE.before` or `OPERATION.FILE.after`, a CALL is
/// `OPERATION.FILE` or an operation alone:
///
/// - operations: `create`, `preallocate`, `write`, `append`, `sync`, `rename`, `remove`, `sync-directory`,
///   `make-directory` (see `DiskCall`);
/// - files: `lock`, `key`, `durable-mark`, `segment`, `snapshot`, `spare`, `reserve`,
///   `bad-snapshot`, `torn-tail`, each but the lock also as `…-tmp` while it is unfinished; a
///   `audit-log`, `tokens`, `tokens-part`, `tokens-lock`; a renaming has both, as in
///   `rename.spare-to-segment.before`; `directory` and `parent`; of a backup, whose files are named
///   as they are anywhere, `partial` and `partial-to-backup`.
///
/// Two more points surround what tells a client that its commands are durable:
/// `acknowledge.before` and `acknowledge.after`.
///
/// A FAULT is `EIO`, `ENOSPC` or `EINTR` (the call is not made and gives this error), or `SHORT`
/// (a write writes half of the first part of what it was given), or `SLOW` and a number of milliseconds,
/// as in `SLOW200`, by which the call takes longer.
public enum Failpoint {
    /// Read once, when the first point is passed.
    private static let plan = FailpointPlan(environment: { name in
        getenv(name).map { String(cString: $0) }
    })

    /// Surrounds what tells a client that its commands are durable.
    public static func acknowledging(_ acknowledge: () -> Void) {
        guard let plan else { return acknowledge() }
        plan.reach("acknowledge.before")
        acknowledge()
        plan.reach("acknowledge.after")
    }

    /// Surrounds a call to the kernel that changes what a disk holds.
    ///
    /// - Parameters:
    ///   - kind: of file, as in the names of points.
    ///   - call: gives less than 0 and sets `errno` when it fails; told whether a write is to be
    ///     short.
    /// - Returns: what the call gives.
    static func around<Result: SignedInteger>(
        _ operation: String, _ kind: @autoclosure () -> String,
        _ call: (_ isShort: Bool) -> Result
    ) -> Result {
        guard let plan else { return call(false) }
        let name = "\(operation).\(kind())"
        plan.reach(name + ".before")
        let result: Result
        switch plan.fault(of: name, operation: operation) {
        case .error(let code):
            errno = code
            result = -1
        case .shortWrite: result = call(true)
        case .slow(let milliseconds):
            usleep(milliseconds * 1000)
            result = call(false)
        case nil: result = call(false)
        }
        let code = errno
        plan.reach(name + ".after")
        errno = code
        return result
    }
}
