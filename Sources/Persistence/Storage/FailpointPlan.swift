import Glibc
import Synchronization

/// What the environment wants to happen at which failpoints; see `Failpoint`.
package final class FailpointPlan: Sendable {
    package enum Fault: Equatable, Sendable {
        /// An `errno`.
        case error(Int32)
        case shortWrite
        /// The call takes so many milliseconds longer.
        case slow(UInt32)
    }

    private struct Kill: Sendable {
        var name: String
        var occurrence: Int
    }

    private struct Failure: Sendable {
        var call: String
        var fault: Fault
        var first: Int
        var isLasting: Bool
    }

    private struct Progress: Sendable {
        var kills = 0
        var failures = 0
        var traced: Set<String> = []
    }

    private let kill: Kill?
    private let failure: Failure?
    private let traceFile: String?
    private let progress = Mutex(Progress())

    /// - Parameter environment: the value of a variable.
    /// - Returns: nil if none of the variables is there. What is no point or fault by its form ends
    ///   the process: a test that injects nothing would pass.
    package init?(environment: (String) -> String?) {
        kill = environment("TALLY_FAILPOINT").map(Self.kill)
        failure = environment("TALLY_FAULT").map(Self.failure)
        traceFile = environment("TALLY_FAILPOINT_TRACE")
        if kill == nil, failure == nil, traceFile == nil { return nil }
    }

    /// The process is at this point. Does not return if it is the one to die at.
    func reach(_ name: String) {
        progress.withLock { progress in
            if let kill, kill.name == name {
                progress.kills += 1
                if progress.kills == kill.occurrence { Self.die() }
            }
            if let traceFile, progress.traced.insert(name).inserted {
                Self.append(name + "\n", to: traceFile)
            }
        }
    }

    /// What is to go wrong with a call that is about to be made.
    ///
    /// - Parameter name: `OPERATION.FILE`.
    package func fault(of name: String, operation: String) -> Fault? {
        guard let failure, failure.call == name || failure.call == operation else { return nil }
        return progress.withLock { progress in
            progress.failures += 1
            let isDue =
                progress.failures == failure.first
                || failure.isLasting && progress.failures > failure.first
            return isDue ? failure.fault : nil
        }
    }

    private static func kill(_ text: String) -> Kill {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let name = parts.first, !name.isEmpty,
            let occurrence = parts.count == 2 ? Int(parts[1]) : 1, occurrence > 0
        else { fatalError("TALLY_FAILPOINT is not NAME[:N]: \(text)") }
        return Kill(name: String(name), occurrence: occurrence)
    }

    private static func failure(_ text: String) -> Failure {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let isLasting = parts.count == 3 && parts[2].hasSuffix("+")
        guard parts.count == 2 || parts.count == 3, !parts[0].isEmpty, let fault = fault(parts[1]),
            let first = parts.count == 3 ? Int(isLasting ? parts[2].dropLast() : parts[2]) : 1,
            first > 0
        else { fatalError("TALLY_FAULT is not CALL:FAULT[:N[+]]: \(text)") }
        return Failure(call: String(parts[0]), fault: fault, first: first, isLasting: isLasting)
    }

    private static func fault(_ text: Substring) -> Fault? {
        switch text {
        case "EIO": .error(EIO)
        case "ENOSPC": .error(ENOSPC)
        case "EINTR": .error(EINTR)
        case "SHORT": .shortWrite
        case _ where text.hasPrefix("SLOW"):
            UInt32(text.dropFirst(4)).flatMap { $0 <= 10_000 ? .slow($0) : nil }
        default: nil
        }
    }

    /// Nothing of the process runs any more after this point, as in a power cut.
    private static func die() -> Never {
        Glibc.kill(getpid(), SIGKILL)
        while true { pause() }
    }

    /// A trace that is lost, on a full disk perhaps, changes nothing for the process.
    private static func append(_ line: String, to file: String) {
        guard let stream = fopen(file, "a") else { return }
        fputs(line, stream)
        fclose(stream)
    }
}
