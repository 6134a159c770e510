import Persistence
import Testing

/// Whole records, chunks and files that are in the wrong place, twice, missing or old.
@Suite struct RearrangementTests {
    private static let recordBytes = 80 + 104

    /// Three segments of five records of the same size.
    private func journal() throws -> MemoryStorage {
        let storage = MemoryStorage()
        let process = try Process(storage)
        for segment in 0..<3 {
            if segment > 0 { try process.journal.roll() }
            try process.append(records: 5, bytes: 100)
        }
        try process.journal.close()
        return storage.afterProcessDeath()
    }

    private func expectDamage(
        in storage: MemoryStorage, of file: String, at offset: Int, _ what: Comment
    ) {
        let damage = #expect(throws: Damage.self, what) { try Process(storage) }
        #expect(damage?.file == file, what)
        #expect(damage?.offset == Int64(offset), what)
    }

    private func range(_ record: Int) -> Range<Int> {
        let begin = 96 + record * Self.recordBytes
        return begin..<begin + Self.recordBytes
    }

    @Test func recordsThatChangePlaces() throws {
        let original = try journal()
        for name in try original.segments() {
            for one in 0..<5 {
                for other in one + 1..<5 {
                    let storage = original.afterProcessDeath()
                    try storage.change(name) { bytes in
                        let first = Array(bytes[range(one)])
                        bytes.replaceSubrange(range(one), with: bytes[range(other)])
                        bytes.replaceSubrange(range(other), with: first)
                    }
                    expectDamage(
                        in: storage, of: name, at: range(one).lowerBound, "\(one) and \(other)")
                }
            }
        }
    }

    @Test func aRecordThatStandsThereTwice() throws {
        let original = try journal()
        for name in try original.segments() {
            for record in 0..<5 {
                let storage = original.afterProcessDeath()
                try storage.change(name) { bytes in
                    bytes.insert(contentsOf: bytes[range(record)], at: range(record).upperBound)
                    bytes.removeLast(Self.recordBytes)
                }
                expectDamage(
                    in: storage, of: name, at: range(record).upperBound, "record \(record)")
            }
        }
    }

    @Test func aRecordThatIsMissing() throws {
        let original = try journal()
        let names = try original.segments()
        for (index, name) in names.enumerated() {
            for record in 0..<5 {
                let storage = original.afterProcessDeath()
                try storage.change(name) { bytes in
                    bytes.removeSubrange(range(record))
                    bytes += Array(repeating: 0, count: Self.recordBytes)
                }
                if record < 4 {
                    expectDamage(
                        in: storage, of: name, at: range(record).lowerBound, "record \(record)")
                } else if index < 2 {
                    expectDamage(in: storage, of: names[index + 1], at: 0, "the last of \(index)")
                } else {
                    expectDamage(
                        in: storage, of: name, at: range(4).lowerBound, "the last of all")
                }
            }
        }
    }

    @Test func aRecordOfAnotherSegmentInItsPlace() throws {
        let original = try journal()
        let names = try original.segments()
        let donor = try original.bytes(of: names[0])
        for record in 0..<5 {
            let storage = original.afterProcessDeath()
            try storage.change(names[2]) { bytes in
                bytes.replaceSubrange(range(record), with: donor[range(record)])
            }
            expectDamage(
                in: storage, of: names[2], at: range(record).lowerBound, "record \(record)")
        }
    }

    @Test func segmentsThatChangePlacesOrStandThereTwice() throws {
        let original = try journal()
        let names = try original.segments()
        for one in 0..<3 {
            for other in 0..<3 where one != other {
                let swapped = original.afterProcessDeath()
                try swapped.replace(names[one], with: original.bytes(of: names[other]))
                let twice = swapped.afterProcessDeath()
                try swapped.replace(names[other], with: original.bytes(of: names[one]))
                expectDamage(in: swapped, of: names[min(one, other)], at: 0, "swapped")
                expectDamage(in: twice, of: names[one], at: 0, "twice")
            }
        }
    }

    /// An older copy of one file, as a backup that was put back by halves would leave it.
    @Test func aSegmentThatIsOlderThanItsNeighbours() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append(records: 3, bytes: 100)
        let older = storage.afterProcessDeath()
        try process.append(records: 2, bytes: 100)
        try process.journal.markDurable()
        let first = try #require(try storage.segments().first)
        let old = try older.bytes(of: first)

        let last = storage.afterProcessDeath()
        try last.replace(first, with: old)
        expectDamage(in: last, of: first, at: range(3).lowerBound, "the last segment")

        try process.journal.roll()
        try process.append(records: 2, bytes: 100)
        let names = try storage.segments()
        let inner = storage.afterProcessDeath()
        try inner.replace(first, with: old)
        expectDamage(in: inner, of: names[1], at: 0, "a segment before the last one")
    }

    /// A mark that is too old asks for less; the journal is still read to its end.
    @Test func aMarkThatIsOlderThanTheJournal() throws {
        let storage = MemoryStorage()
        let process = try Process(storage)
        try process.append(records: 3)
        try process.journal.markDurable()
        let old = try storage.bytes(of: "durable-mark")
        try process.append(records: 3)
        try process.journal.close()
        try storage.replace("durable-mark", with: old)
        #expect(try Process(storage.afterProcessDeath()).report.records == 6)
    }

    @Test func chunksOfASnapshotThatChangePlacesOrAreMissingOrStandThereTwice() throws {
        let original = MemoryStorage()
        let process = try Process(original)
        try process.append(records: 2)
        try process.snapshot()
        try process.append(records: 2)
        try process.snapshot(chunks: (1...4).map { (UInt8($0), [UInt8](repeating: $0, count: 16)) })
        try process.journal.close()
        let newest = try #require(try original.snapshots().last)
        let chunks = (0..<4).map { 96 + $0 * 64..<96 + ($0 + 1) * 64 }
        for one in 0..<4 {
            for other in one..<4 {
                let storage = original.afterProcessDeath()
                try storage.change(newest) { bytes in
                    if one == other {
                        bytes.removeSubrange(chunks[one])
                    } else {
                        bytes.replaceSubrange(chunks[one], with: Array(bytes[chunks[other]]))
                    }
                }
                let after = try Process(storage)
                #expect(after.report.damagedSnapshots.map(\.file) == [newest])
                #expect(after.report.snapshot?.sequence == 6)
                #expect(after.report.lastSequence == 12)
            }
        }
    }
}
