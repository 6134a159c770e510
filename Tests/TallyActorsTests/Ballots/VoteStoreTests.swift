import TallyActors
import Testing

@Suite("The store of votes")
struct VoteStoreTests {
    /// Accounts in a store, and the same in plain sorted arrays.
    private struct Pair {
        var store = VoteStore()
        var slots: [AccountSlot]
        var expected: [[UInt64]]

        init(accounts: Int) {
            slots = (0..<accounts).map {
                AccountSlot(key: .numbered($0), block: 0, size: AccountSlot.empty)
            }
            expected = Array(repeating: [], count: accounts)
        }

        /// Casts, or casts again with another value.
        mutating func put(_ place: UInt64, value: UInt64, account: Int) {
            let vote = VoteWord(raw: place << 24 | value << 4)
            let index = expected[account].firstIndex { $0 >> 24 >= place }
            if slots[account].size == 0 {
                slots[account].block = store.insertFirst(vote)
                slots[account].size = 1
                return expected[account] = [vote.raw]
            }
            let found = store.search(slots[account], place: place)
            #expect(found.index == index ?? expected[account].count)
            if found.found {
                #expect(index.map { expected[account][$0] >> 24 } == place)
                store.replace(slots[account], at: found.index, with: vote)
                expected[account][found.index] = vote.raw
            } else {
                store.insert(vote, at: found.index, of: &slots[account])
                expected[account].insert(vote.raw, at: found.index)
            }
        }

        mutating func remove(at index: Int, account: Int) {
            store.remove(at: index, of: &slots[account])
            expected[account].remove(at: index)
        }

        mutating func removeAll(account: Int) {
            store.removeAll(of: &slots[account])
            expected[account] = []
        }

        func check(_ account: Int) {
            #expect(Int(slots[account].size) == expected[account].count)
            #expect(store.votes(slots[account]).map(\.raw) == expected[account])
        }

        func checkAll() {
            for account in slots.indices { check(account) }
        }
    }

    @Test("agrees with sorted arrays on random histories", arguments: UInt64(1)...4)
    func history(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var pair = Pair(accounts: 60)
        for _ in 0..<60_000 {
            // Low accounts have few places and stay small, high ones grow to hundreds of votes.
            let account = random.int(0..<60)
            let places = UInt64(1 + account * account / 4)
            let count = pair.expected[account].count
            switch random.int(0..<40) {
            case 0: pair.removeAll(account: account)
            case 1...12 where count > 0:
                pair.remove(at: random.int(0..<count), account: account)
            default:
                pair.put(random.next() % places, value: random.next() % 8, account: account)
            }
        }
        pair.checkAll()
    }

    @Test("holds every number of votes, up and down through all sizes of blocks")
    func everySize() {
        var random = SeededRandom(seed: 1)
        var pair = Pair(accounts: 2)
        let most = VoteStore.classSizes.last! + 300
        for count in 1...most {
            pair.put(random.next() >> 24, value: 1, account: count % 2)
            pair.put(random.next() >> 24, value: 1, account: 1 - count % 2)
            if count % 97 == 0 || VoteStore.classSizes.contains(count) { pair.checkAll() }
        }
        pair.checkAll()
        for count in (0..<most).reversed() {
            pair.remove(at: random.int(0..<count + 1), account: 0)
            pair.remove(at: count, account: 1)
            if count % 97 == 0 || VoteStore.classSizes.contains(count) { pair.checkAll() }
        }
        pair.checkAll()
    }

    @Test("keeps accounts beyond 4,096 votes in order", arguments: UInt64(1)...3)
    func large(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var pair = Pair(accounts: 2)
        for _ in 0..<30_000 {
            pair.put(random.next() % 40_000, value: random.next() % 8, account: 0)
        }
        pair.checkAll()
        #expect(pair.expected[0].count > 4 * LargeVotes.runLimit)
        for _ in 0..<30_000 {
            let count = pair.expected[0].count
            if random.int(0..<3) > 0, count > 0 {
                pair.remove(at: random.int(0..<count), account: 0)
            } else {
                pair.put(random.next() % 40_000, value: random.next() % 8, account: 0)
            }
        }
        pair.checkAll()
        pair.removeAll(account: 0)
        pair.put(5, value: 1, account: 1)
        pair.put(5, value: 2, account: 0)
        pair.checkAll()
    }

    @Test("takes all votes of an account at once", arguments: [1, 2, 5, 4095, 4096, 4097, 20_000])
    func fill(count: Int) {
        let words = (0..<UInt64(count)).map { $0 << 24 }
        var store = VoteStore()
        var slot = AccountSlot(key: .numbered(0), block: 0, size: 0)
        words.withUnsafeBytes { store.fill(&slot, with: $0) }
        #expect(store.votes(slot).map(\.raw) == words)
        store.insert(VoteWord(raw: UInt64.max << 24), at: count, of: &slot)
        store.remove(at: 0, of: &slot)
        #expect(store.votes(slot).map(\.raw) == words.dropFirst() + [UInt64.max << 24])
    }

    @Test("a frozen copy stays as it was, whatever is written")
    func copyOnWrite() {
        var random = SeededRandom(seed: 9)
        var pair = Pair(accounts: 80)
        for account in 0..<80 {
            for _ in 0..<(account == 7 ? 9_000 : 3 * account) {
                pair.put(random.next() >> 24, value: 1, account: account)
            }
        }
        let frozen = pair
        for account in 0..<80 {
            for _ in 0..<50 {
                let count = pair.expected[account].count
                if count > 0 {
                    pair.put(
                        pair.expected[account][random.int(0..<count)] >> 24, value: 2,
                        account: account)
                    pair.remove(at: random.int(0..<count), account: account)
                }
                pair.put(random.next() >> 24, value: 3, account: account)
            }
            if account % 3 == 0 { pair.removeAll(account: account) }
        }
        frozen.checkAll()
        pair.checkAll()
    }
}
