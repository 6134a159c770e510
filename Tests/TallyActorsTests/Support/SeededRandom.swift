import TallyActors

/// SplitMix64: the same numbers from the same seed on any machine.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }

    mutating func int(_ range: Range<Int>) -> Int { Int.random(in: range, using: &self) }

    /// True once in `n` times.
    mutating func oneIn(_ n: Int) -> Bool { int(0..<n) == 0 }
}

extension AccountKey {
    /// An account by its number in the test; spread over all partitions as a keyed hash is.
    static func numbered(_ number: Int) -> AccountKey {
        var random = SeededRandom(seed: UInt64(number))
        return AccountKey(low: random.next(), high: random.next())
    }
}
