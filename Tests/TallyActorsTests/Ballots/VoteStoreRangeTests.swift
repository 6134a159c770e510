import TallyActors
import Testing

@Suite("The store of votes: one phase's votes at once")
struct VoteStoreRangeTests {
    /// An account with so many votes in each of phases 2, 5 and 9, and the same in an array.
    private static func account(
        _ counts: [Int]
    ) -> (store: VoteStore, slot: AccountSlot, words: [UInt64]) {
        let words = zip([2, 5, 9] as [UInt32], counts).flatMap { phase, count in
            (0..<UInt32(count)).map {
                VoteWord(phase: phase, proposal: 3 * $0, value: $0 % 7).raw
            }
        }
        var store = VoteStore()
        var slot = AccountSlot(key: .numbered(1), block: 0, size: 0)
        if !words.isEmpty { words.withUnsafeBytes { store.fill(&slot, with: $0) } }
        return (store, slot, words)
    }

    @Test(
        "finds where the votes of a phase lie",
        arguments: [
            [1, 1, 1], [0, 4, 0], [3, 0, 2], [4_000, 200, 300], [5_000, 9_000, 1], [0, 0, 0],
        ])
    func range(counts: [Int]) {
        let (store, slot, _) = Self.account(counts)
        let (first, second) = (counts[0], counts[0] + counts[1])
        #expect(store.range(of: 2, in: slot) == 0..<first)
        #expect(store.range(of: 5, in: slot) == first..<second)
        #expect(store.range(of: 9, in: slot) == second..<second + counts[2])
        #expect(store.range(of: 0, in: slot) == 0..<0)
        #expect(store.range(of: 7, in: slot) == second..<second)
        let end = counts.reduce(0, +)
        #expect(store.range(of: VoteWord.fieldLimit - 1, in: slot) == end..<end)
    }

    @Test(
        "looks at the votes of a phase, in their order",
        arguments: [[2, 0, 3], [2_000, 96, 2_000], [4_097, 1, 0], [3_000, 9_000, 5_000]])
    func forEach(counts: [Int]) {
        var random = SeededRandom(seed: 1)
        let (store, slot, words) = Self.account(counts)
        var ranges = ([2, 5, 9, 7] as [UInt32]).map { store.range(of: $0, in: slot) }
        for _ in 0..<50 {
            let start = random.int(0..<words.count)
            ranges.append(start..<random.int(start..<words.count + 1))
        }
        for range in ranges {
            var seen: [UInt64] = []
            store.forEachVote(of: slot, in: range) { seen.append($0.raw) }
            #expect(seen == Array(words[range]))
        }
    }

    /// Both sides of the size from which on an account's votes lie in runs of their own.
    @Test("puts other votes in the place of some", arguments: UInt64(1)...12)
    func replace(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let sizes = [0, 1, 3, 30, 1_024, 4_096, 6_000]
        var (store, slot, expected) = Self.account(
            (0..<3).map { _ in sizes[random.int(0..<sizes.count)] })
        for _ in 0..<40 {
            let phase: UInt32 = [2, 5, 9][random.int(0..<3)]
            let range = store.range(of: phase, in: slot)
            let count = random.oneIn(4) ? range.count : sizes[random.int(0..<sizes.count)]
            let words = (0..<UInt32(count)).map {
                VoteWord(phase: phase, proposal: 2 * $0, value: UInt32(random.int(0..<9))).raw
            }
            store.replace(range, of: &slot, with: words)
            expected.replaceSubrange(range, with: words)
            #expect(Int(slot.size) == expected.count)
            #expect(store.votes(slot).map(\.raw) == expected)
        }
    }

    @Test("leaves a frozen copy as it was", arguments: [3, 2_000, 9_000])
    func copyOnWrite(count: Int) {
        var (store, slot, words) = Self.account([2, count, 2])
        let frozen = (store, slot)
        let other = words[2..<2 + count].map { VoteWord(raw: $0 | 0xF0).raw }
        store.replace(2..<2 + count, of: &slot, with: other)
        #expect(frozen.0.votes(frozen.1).map(\.raw) == words)
        store.replace(2..<2 + count, of: &slot, with: [])
        #expect(frozen.0.votes(frozen.1).map(\.raw) == words)
        words.removeSubrange(2..<2 + count)
        #expect(store.votes(slot).map(\.raw) == words)
    }
}
