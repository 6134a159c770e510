/// The position that a snapshot holds the state of.
public struct SnapshotHeader: Equatable, Sendable {
    /// The snapshot is the state after this sequence, the last one of a record.
    public var sequence: UInt64
    /// ms since 1970, of that record.
    public var timestamp: Int64
    /// The journal's chain digest there.
    public var chainDigest: ChainDigest

    public init(sequence: UInt64, timestamp: Int64, chainDigest: ChainDigest) {
        self.sequence = sequence
        self.timestamp = timestamp
        self.chainDigest = chainDigest
    }
}
