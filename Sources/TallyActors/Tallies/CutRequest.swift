import Synchronization

/// A marker between two records in the mailboxes of all tally shards: what they say when they meet
/// it makes one consistent cut.
package final class CutRequest: Sendable {
    let sequence: UInt64
    let asOf: Instant
    let catalogue: Catalogue
    private let remaining: Atomic<Int>
    private let parts = Mutex<[CutPart]>([])
    private let completion: @Sendable (CutRequest, [CutPart]) -> Void

    init(
        sequence: UInt64, asOf: Instant, catalogue: Catalogue, shards: Int,
        completion: @escaping @Sendable (CutRequest, [CutPart]) -> Void
    ) {
        self.sequence = sequence
        self.asOf = asOf
        self.catalogue = catalogue
        remaining = Atomic(shards)
        self.completion = completion
    }

    func contribute(_ part: CutPart) {
        parts.withLock { $0.append(part) }
        if remaining.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 {
            completion(self, parts.withLock { $0 })
        }
    }
}
