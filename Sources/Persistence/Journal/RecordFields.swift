/// What the journal knows of a record besides its payload.
public struct RecordFields: Equatable, Sendable, BitwiseCopyable {
    /// The writer's own; the journal only carries it.
    public var kind: UInt8
    /// Sequences start at 1 and have no gap from record to record.
    public var firstSequence: UInt64
    /// How many sequences the record has; at least 1.
    public var count: UInt32
    /// ms since 1970.
    public var timestamp: Int64

    public init(kind: UInt8, firstSequence: UInt64, count: UInt32, timestamp: Int64) {
        self.kind = kind
        self.firstSequence = firstSequence
        self.count = count
        self.timestamp = timestamp
    }

    public var lastSequence: UInt64 { firstSequence + UInt64(count) - 1 }
}
