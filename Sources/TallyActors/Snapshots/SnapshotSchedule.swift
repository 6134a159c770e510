/// When a snapshot is due without anybody asking. A pure value: the figures come in as arguments.
package struct SnapshotSchedule: Sendable {
    /// Journal bytes after which a snapshot is written.
    package static let journalBytes: UInt64 = 1 << 30
    /// Milliseconds after which a snapshot is written when anything was journaled.
    package static let interval: Int64 = 3_600_000

    /// Milliseconds after which one that could not be written is tried again.
    static let retryInterval: Int64 = 60_000

    private var lastSequence: UInt64
    private var lastBytes: UInt64
    private var lastMonotonic: Int64

    package init(sequence: UInt64, journalBytes: UInt64, monotonic: Int64) {
        lastSequence = sequence
        lastBytes = journalBytes
        lastMonotonic = monotonic
    }

    /// - Parameter isErasurePending: then a snapshot is worth writing although nothing changed.
    package func isDue(
        sequence: UInt64, journalBytes: UInt64, isErasurePending: Bool, monotonic: Int64
    ) -> Bool {
        let hasPassed = monotonic - lastMonotonic >= Self.interval
        guard sequence > lastSequence else { return isErasurePending && hasPassed }
        return hasPassed || journalBytes - lastBytes >= Self.journalBytes
    }

    /// The snapshot could not be written: the next is due a minute from now.
    mutating func retry(monotonic: Int64) {
        lastSequence = 0
        lastMonotonic = monotonic - Self.interval + Self.retryInterval
    }
}
