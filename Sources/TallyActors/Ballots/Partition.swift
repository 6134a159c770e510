/// The fixed division of all accounts: it depends on the keyed hash alone, never on the number of
/// cores, so that the layout of state is the same on any machine.
package enum Partition {
    package static let count = 256

    @inline(__always)
    package static func of(_ account: AccountKey) -> Int {
        Int(truncatingIfNeeded: account.high >> 56)
    }

    /// The partitions that each of `shards` shards owns, all together and in order.
    package static func ranges(shards: Int) -> [Range<Int>] {
        precondition(shards >= 1 && shards <= count, "between 1 and 256 shards")
        return (0..<shards).map { $0 * count / shards..<($0 + 1) * count / shards }
    }
}
