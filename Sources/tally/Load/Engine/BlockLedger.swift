package import Histogram
import NIOCore

/// The lines that were sent and not acknowledged, in blocks of one scheduled time each.
package struct BlockLedger: Sendable {
    private var blocks = CircularBuffer<(last: Int, scheduled: UInt64)>()
    package private(set) var sent = 0
    package private(set) var acknowledged = 0

    package init() {}

    /// - Parameter scheduled: nanoseconds; when the first line of the block was due.
    package mutating func send(lines: Int, scheduled: UInt64) {
        sent += lines
        blocks.append((sent, scheduled))
    }

    /// Lines up to `line` are acknowledged at `now`; each counts with the time since it was scheduled.
    package mutating func acknowledge(
        through line: Int, at now: UInt64, in latencies: inout Histogram<UInt64>
    ) {
        while acknowledged < line, let block = blocks.first {
            let covered = min(line, block.last)
            latencies.record(
                now > block.scheduled ? now - block.scheduled : 0,
                count: UInt64(covered - acknowledged))
            acknowledged = covered
            if covered == block.last { blocks.removeFirst() }
        }
    }
}
