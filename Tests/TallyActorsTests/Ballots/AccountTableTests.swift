import TallyActors
import Testing

@Suite("The table of accounts")
struct AccountTableTests {
    @Test("a chunk agrees with a dictionary, also where accounts crowd", arguments: UInt64(1)...6)
    func chunk(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let chunk = AccountChunk(depth: 0)
        var expected: [AccountKey: UInt32] = [:]
        // Few homes, at both ends of the slots: long runs that wrap round, and much moving back.
        let homes = (0..<30).map { ($0 + AccountChunk.slotCount - 15) % AccountChunk.slotCount }
        for round in UInt32(1)...4000 {
            let home = UInt64(homes[random.int(0..<homes.count)])
            let key = AccountKey(
                low: home | UInt64(random.int(0..<8)) << 32, high: UInt64(random.int(0..<4)))
            let index = chunk.find(key)
            if expected.removeValue(forKey: key) != nil {
                chunk.remove(at: index)
            } else {
                #expect(chunk.slots[index].size == AccountSlot.empty)
                chunk.insert(AccountSlot(key: key, block: round, size: 1), at: index)
                expected[key] = round
            }
        }
        #expect(chunk.count == expected.count)
        for (key, block) in expected { #expect(chunk.slots[chunk.find(key)].block == block) }
        let filled = (0..<AccountChunk.slotCount).count {
            chunk.slots[$0].size != AccountSlot.empty
        }
        #expect(filled == expected.count)
    }

    @Test("a table agrees with a dictionary over many splits", arguments: UInt64(1)...2)
    func table(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var table = AccountTable()
        var expected: [AccountKey: UInt32] = [:]
        for round in UInt32(1)...60_000 {
            let key = AccountKey.numbered(random.int(0..<20_000))
            let place = table.find(key)
            if expected[key] == nil {
                #expect(table[place].size == AccountSlot.empty)
                table.insert(AccountSlot(key: key, block: round, size: 1))
                expected[key] = round
            } else if random.oneIn(4) {
                table.remove(at: place)
                expected[key] = nil
            } else {
                table[place].block = round
                expected[key] = round
            }
        }
        #expect(table.chunks.count > 8)
        Self.expect(table, holds: expected)
    }

    @Test("accounts that agree in many bits split their chunk again and again")
    func deepSplits() {
        var table = AccountTable()
        var expected: [AccountKey: UInt32] = [:]
        for number in 0..<UInt64(3 * AccountChunk.fullCount) {
            // 12 equal bits at the low end of the directory's half of the key.
            let key = AccountKey(low: number &* 0x9e37_79b9, high: number << 12 | 0xABC)
            table.insert(AccountSlot(key: key, block: UInt32(number), size: 1))
            expected[key] = UInt32(number)
        }
        Self.expect(table, holds: expected)
    }

    @Test("a frozen copy stays as it was, whatever is written")
    func copyOnWrite() {
        var table = AccountTable()
        var expected: [AccountKey: UInt32] = [:]
        for number in 0..<5_000 {
            let key = AccountKey.numbered(number)
            table.insert(AccountSlot(key: key, block: 1, size: 1))
            expected[key] = 1
        }
        let frozen = table
        for number in 0..<5_000 {
            let key = AccountKey.numbered(number)
            if number % 2 == 0 {
                table.remove(at: table.find(key))
            } else {
                table[table.find(key)].block = 2
            }
            table.insert(AccountSlot(key: .numbered(number + 5_000), block: 3, size: 1))
        }
        Self.expect(frozen, holds: expected)
    }

    private static func expect(_ table: AccountTable, holds expected: [AccountKey: UInt32]) {
        #expect(table.chunks.reduce(0) { $0 + $1.count } == expected.count)
        let wrong = expected.count { key, block in
            let slot = table[table.find(key)]
            return slot.size == AccountSlot.empty || slot.block != block
        }
        #expect(wrong == 0)
    }
}
