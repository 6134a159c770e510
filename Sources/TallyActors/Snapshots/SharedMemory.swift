import Synchronization

/// What snapshots and audits cost in memory: what is changed while they share it is copied first.
enum SharedMemory {
    /// Bytes that were copied since the start of the process.
    static let copiedBytes = Atomic<UInt64>(0)

    static func noteCopy(bytes: Int) {
        copiedBytes.wrappingAdd(UInt64(bytes), ordering: .relaxed)
    }
}
