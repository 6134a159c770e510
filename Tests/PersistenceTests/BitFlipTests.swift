import Persistence
import Testing

/// Every single bit that changes on the disk after it was written is noticed, and its place named.
@Suite struct BitFlipTests {
    /// Two segments of small records.
    private func smallJournal(isMarked: Bool) throws -> MemoryStorage {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append(records: 2, bytes: 24)
        try process.journal.roll()
        try process.append(records: 3, bytes: 41)
        if isMarked { try process.journal.close() }
        return storage.afterProcessDeath()
    }

    @Test func ofTheWholeJournal() throws {
        let original = try smallJournal(isMarked: true)
        for name in try original.segments() {
            let bytes = try original.bytes(of: name)
            let content = (endOfContent(bytes) + 7) & ~7
            for bit in 0..<content * 8 {
                var damaged = bytes
                damaged[bit / 8] ^= 1 << (bit % 8)
                let storage = original.afterProcessDeath()
                try storage.replace(name, with: damaged)
                let damage = #expect(throws: Damage.self, "\(name), bit \(bit)") {
                    try Process(storage)
                }
                #expect(damage?.file == name)
                #expect(damage.map { $0.offset <= bit / 8 } == true)
            }
        }
    }

    /// Acknowledged and not yet marked: the mark moves once a second only.
    @Test func ofTheLastRecordBeforeTheMarkCoversIt() throws {
        let original = try smallJournal(isMarked: false)
        let name = try #require(try original.segments().last)
        let bytes = try original.bytes(of: name)
        let begin = 96 + 2 * (80 + 48)
        let payloadEnd = begin + 80 + 41
        #expect(bytes[payloadEnd - 1] != 0)
        for bit in begin * 8..<payloadEnd * 8 {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << (bit % 8)
            // The flip that makes the last byte zero looks as if that byte had never been written.
            if damaged[payloadEnd - 1] == 0 { continue }
            let storage = original.afterProcessDeath()
            try storage.replace(name, with: damaged)
            let damage = #expect(throws: Damage.self, "bit \(bit)") { try Process(storage) }
            #expect(damage?.file == name)
            #expect(damage?.offset == Int64(begin))
        }
    }

    @Test func aWrongLengthIsNoTornTailWhereverTheRecordStands() throws {
        for bytes in stride(from: 1, through: 600, by: 13) {
            let storage = MemoryStorage()
            let process = try Process(storage)
            try process.append(bytes: bytes)
            let name = try #require(try storage.segments().first)
            let begin = (endOfContent(try storage.bytes(of: name)) + 7) & ~7
            try process.append(bytes: 700)
            for bit in 0..<32 {
                let copy = storage.afterProcessDeath()
                try copy.change(name) { $0[begin + 8 + bit / 8] ^= 1 << (bit % 8) }
                // Where the header ends with its sector, the next one may be all that there is.
                if (begin + 80) % 512 == 0 { continue }
                let damage = #expect(throws: Damage.self, "\(begin), bit \(bit)") {
                    try Process(copy)
                }
                #expect(damage?.offset == Int64(begin))
            }
        }
    }

    @Test func ofASnapshot() throws {
        let original = MemoryStorage()
        let process = try Process(original)
        try process.append(records: 2)
        try process.snapshot(chunks: [(1, [1])])
        try process.append(records: 2)
        try process.snapshot(chunks: [(1, [5, 0, 7]), (2, []), (3, [9, 9, 9, 9, 9, 9, 9, 9, 9])])
        try process.journal.close()
        let newest = try #require(try original.snapshots().last)
        let bytes = try original.bytes(of: newest)
        for bit in 0..<bytes.count * 8 {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << (bit % 8)
            let storage = original.afterProcessDeath()
            try storage.replace(newest, with: damaged)
            #expect(throws: Damage.self, "bit \(bit)") {
                try Verification.run(
                    storage, rulesVersion: Process.rulesVersion, into: Collector())
            }
            let after = try Process(storage)
            #expect(after.report.damagedSnapshots.map(\.file) == [newest], "bit \(bit)")
            #expect(after.report.snapshot?.sequence == 6)
            #expect(after.report.lastSequence == 12)
        }
    }
}
