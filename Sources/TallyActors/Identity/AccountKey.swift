/// All that Tally keeps of an account: the 128-bit keyed hash (SipHash-2-4-128) of its identifier.
public struct AccountKey: Hashable, Sendable, BitwiseCopyable {
    /// Bytes 0 to 7 of the hash, read as little-endian.
    public var low: UInt64
    /// Bytes 8 to 15 of the hash, read as little-endian.
    public var high: UInt64

    public init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }
}
