import TallyActors

/// Whether the server takes votes now, check by check.
struct Readiness {
    struct Check: Equatable {
        var name: String
        var isFine: Bool
        var fault: String
    }

    let checks: [Check]

    init(_ status: ServiceStatus, isDraining: Bool) {
        checks = [
            Check(name: "serving", isFine: !isDraining, fault: "the server is going down"),
            Check(
                name: "storage", isFine: status.sequencer.hasRoom,
                fault: "the disk is full: writes are refused"),
            Check(
                name: "clock", isFine: status.sequencer.isClockTrusted,
                fault: "the wall clock jumped: timed openings and closings wait"),
            Check(
                name: "audit", isFine: status.sequencer.audit.difference == nil,
                fault: "the self-audit found a wrong count: writes are refused"),
        ]
    }

    var isReady: Bool { checks.allSatisfy(\.isFine) }

    /// What is said while the service is being recovered: how far that is, by the bytes that are
    /// known to be there, what is only preallocated included.
    static func starting(_ progress: RecoveryProgress, verbose: Bool) -> String {
        guard verbose else { return "not ready\n" }
        let total = progress.totalBytes
        guard total > 0 else { return "recovery: starting\n" }
        let percent = min(100, progress.readBytes * 100 / total)
        return "recovery: \(percent) % of at most \(total) bytes, position \(progress.position)\n"
    }

    /// One line, or, verbose, one line a check.
    func text(verbose: Bool) -> String {
        guard verbose else { return isReady ? "ok\n" : "not ready\n" }
        return checks.map { "\($0.name): \($0.isFine ? "ok" : $0.fault)\n" }.joined()
    }
}
