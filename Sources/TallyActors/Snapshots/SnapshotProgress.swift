import Synchronization

/// How far the snapshot under way is: written by the thread that writes it, read by anybody.
final class SnapshotProgress: Sendable {
    private let total: Int
    private let written = Atomic<Int>(0)

    /// - Parameter chunks: chunks of accounts that are to be written.
    init(chunks: Int) {
        total = chunks
    }

    func wroteChunk() { written.wrappingAdd(1, ordering: .relaxed) }

    /// Of the accounts, in percent.
    var percent: Int { total == 0 ? 100 : written.load(ordering: .relaxed) * 100 / total }
}
