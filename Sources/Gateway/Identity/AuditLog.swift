import Dispatch
package import Logging
import NIOCore
import Synchronization
package import TallyActors

/// Writes down administrative acts, in the order in which they were decided, on a queue of its own: no event
/// loop waits for it, and a disk that takes nothing stops nobody.
package final class AuditLog: Sendable {
    /// The most bytes that wait to be written; lines beyond are lost, and the log says how many.
    package static let waitingLimit = 4 << 20

    private struct Waiting {
        var bytes: [UInt8] = []
        var lines = 0
        /// Lines that could not be written, and of which the file does not tell yet.
        var lost = 0
        var isScheduled = false
    }

    private let waiting = Mutex(Waiting())
    private let queue = DispatchQueue(label: "tally.audit-log")
    private let append: @Sendable ([UInt8]) throws -> Void
    private let clock: any ServiceClock
    private let logger: Logger

    /// - Parameter append: puts whole lines at the end of the log; blocks.
    package init(
        clock: any ServiceClock, logger: Logger,
        append: @escaping @Sendable ([UInt8]) throws -> Void
    ) {
        self.clock = clock
        self.logger = logger
        self.append = append
    }

    /// May be called on any thread; does not block.
    package func record(_ entry: AuditEntry) {
        let now = clock.read().wall
        let line = entry.line(at: now)
        let isFirst = waiting.withLock { waiting in
            if waiting.bytes.count + line.readableBytes > Self.waitingLimit {
                waiting.lost += 1
            } else {
                waiting.bytes.append(contentsOf: line.readableBytesView)
                waiting.lines += 1
            }
            defer { waiting.isScheduled = true }
            return !waiting.isScheduled
        }
        if isFirst { queue.async { self.write() } }
    }

    /// Returns when everything recorded so far was written, or given up. Blocks.
    package func flush() {
        queue.sync {}
    }

    private func write() {
        let taken = waiting.withLock { waiting in
            let taken = waiting
            waiting = Waiting()
            return taken
        }
        var bytes: [UInt8] = []
        if taken.lost > 0 {
            let time = RFC3339.string(of: clock.read().wall)
            // What could not be written may have ended in the middle of a line.
            bytes += "\n{\"time\":\"\(time)\",\"act\":\"lost-lines\",".utf8
            bytes += "\"lines\":\(taken.lost)}\n".utf8
        }
        bytes += taken.bytes
        if bytes.isEmpty { return }
        do {
            try append(bytes)
        } catch {
            logger.error(
                "the audit log takes no lines",
                metadata: ["lines": "\(taken.lines)", "reason": "\(error)"])
            waiting.withLock { $0.lost += taken.lines + taken.lost }
        }
    }
}
