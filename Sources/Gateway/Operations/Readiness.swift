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
        ]
    }

    var isReady: Bool { checks.allSatisfy(\.isFine) }

    /// One line, or, verbose, one line a check.
    func text(verbose: Bool) -> String {
        guard verbose else { return isReady ? "ok\n" : "not ready\n" }
        return checks.map { "\($0.name): \($0.isFine ? "ok" : $0.fault)\n" }.joined()
    }
}
