/// The counts of up to 64 neighbouring proposals of one phase: the unit in which counts are
/// shared with the cuts that readers hold, and copied when they change again.
struct TallyBlock: Sendable {
    static let proposalBits: UInt32 = 6
    static let proposalCount = 1 << 6

    let optionCount: Int
    /// By proposal within the block × option; never negative.
    private(set) var counts: [Int64]
    /// By proposal within the block: the position of the record that last changed it.
    private(set) var changedAt: [UInt64]
    /// A sum of one hash a cell: it depends on the counts alone, not on how they came about.
    private(set) var fingerprint: UInt64 = 0

    init(optionCount: Int) {
        self.optionCount = optionCount
        counts = Array(repeating: 0, count: Self.proposalCount * optionCount)
        changedAt = Array(repeating: 0, count: Self.proposalCount)
    }

    mutating func add(
        _ delta: Int64, proposal: ProposalNumber, option: Int, sequence: UInt64
    ) {
        let local = Int(proposal) & (Self.proposalCount - 1)
        let cell = local * optionCount + option
        let place = UInt64(proposal) << 20 | UInt64(option)
        fingerprint &-= Self.mix(place, counts[cell])
        counts[cell] += delta
        precondition(counts[cell] >= 0, "a count fell below zero")
        fingerprint &+= Self.mix(place, counts[cell])
        changedAt[local] = sequence
    }

    /// 0 for a count of 0, so that proposals without votes leave the fingerprint alone.
    private static func mix(_ place: UInt64, _ count: Int64) -> UInt64 {
        guard count != 0 else { return 0 }
        let left = (place &+ 0x9e37_79b9_7f4a_7c15) ^ 0xa076_1d64_78bd_642f
        let right = UInt64(bitPattern: count) ^ 0xe703_7ed1_a0b4_28db
        let product = left.multipliedFullWidth(by: right)
        let first = product.high ^ product.low
        let again = (first ^ place).multipliedFullWidth(by: 0x8ebc_6af0_9c88_c6e3 ^ right)
        return again.high ^ again.low
    }
}
