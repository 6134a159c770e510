import Synchronization

/// What the journal made durable as one record, on its way through the ballot shards.
package final class OrderedRecord: Sendable {
    let batches: [CommandBatch]
    /// The first command's number; one more than `last` when the record has no commands.
    let first: UInt64
    let last: UInt64
    let instant: Instant
    private let remaining: Atomic<Int>
    private let parts = Mutex<[CountChanges]>([])

    /// - Parameter shards: how many ballot shards will contribute.
    init(batches: [CommandBatch], first: UInt64, last: UInt64, instant: Instant, shards: Int) {
        self.batches = batches
        self.first = first
        self.last = last
        self.instant = instant
        remaining = Atomic(shards)
    }

    var commandCount: Int { Int(last + 1 - first) }

    /// Called once by each ballot shard when it has applied its own accounts' commands.
    ///
    /// - Returns: the combined change, for the one caller that was the last.
    func contribute(_ changes: CountChanges) -> [CountChanges]? {
        if !changes.isEmpty { parts.withLock { $0.append(changes) } }
        let left = remaining.subtract(1, ordering: .acquiringAndReleasing).newValue
        precondition(left >= 0, "more shards than there are applied a record")
        return left == 0 ? parts.withLock { $0 } : nil
    }
}
