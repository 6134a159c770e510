/// A cheap bijection of 64-bit words whose output passes for random (the finalizer of splitmix64):
/// everything in a workload that looks like chance comes from it, so that a seed repeats a run.
package enum Mixing {
    @inline(__always)
    package static func mix(_ word: UInt64) -> UInt64 {
        var mixed = word &+ 0x9e37_79b9_7f4a_7c15
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// One word out of a seed and a name.
    package static func key(seed: UInt64, name: String) -> UInt64 {
        name.utf8.reduce(mix(seed)) { mix($0 ^ UInt64($1)) }
    }

    /// `word` brought to `0..<bound` without a division; uses the upper bits of the word.
    @inline(__always)
    package static func scale(_ word: UInt64, to bound: Int) -> Int {
        Int(truncatingIfNeeded: word.multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// The half of a word (its lower 32 bits) below which a share of all words lies.
    package static func limit(_ share: Double) -> UInt64 {
        UInt64((share * Double(1 << 32)).rounded())
    }
}
