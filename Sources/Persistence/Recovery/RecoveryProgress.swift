import Synchronization

/// How far a recovery is: written by the thread that recovers, read by anybody.
public final class RecoveryProgress: Sendable {
    private let total = Atomic<Int64>(0)
    private let read = Atomic<Int64>(0)
    private let sequence = Atomic<UInt64>(0)

    public init() {}

    /// Bytes of the files that are to be read, what is only preallocated included; 0 before they are
    /// known.
    public var totalBytes: Int64 { total.load(ordering: .relaxed) }
    /// Of these, the bytes that were read and found right.
    public var readBytes: Int64 { read.load(ordering: .relaxed) }
    /// The last position that was restored.
    public var position: UInt64 { sequence.load(ordering: .relaxed) }

    func begin(totalBytes: Int64) {
        read.store(0, ordering: .relaxed)
        total.store(totalBytes, ordering: .relaxed)
    }

    func add(bytes: Int) {
        read.wrappingAdd(Int64(bytes), ordering: .relaxed)
    }

    func reached(_ position: UInt64) {
        sequence.store(position, ordering: .relaxed)
    }
}
