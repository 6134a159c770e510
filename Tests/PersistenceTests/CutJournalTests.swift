import Persistence
import Testing

/// A journal that ends at any byte: what lies before the cut comes back, and if that is less than
/// what was durable, the mark tells.
@Suite struct CutJournalTests {
    private static let records = 6
    private static let marked = 3
    private static let recordBytes = 80 + 64

    private func journal(isMarked: Bool) throws -> MemoryStorage {
        let storage = MemoryStorage()
        let process = try Process(storage)
        for record in 0..<Self.records {
            if isMarked, record == Self.marked { try process.journal.markDurable() }
            try process.append(bytes: 64)
        }
        return storage.afterProcessDeath()
    }

    @Test(arguments: [false, true], [false, true])
    func atEveryByte(isMarked: Bool, isFilled: Bool) throws {
        let original = try journal(isMarked: isMarked)
        let name = try #require(try original.segments().first)
        let bytes = try original.bytes(of: name)
        let end = 96 + Self.records * Self.recordBytes
        for cut in 0...end {
            var shorter = Array(bytes[..<cut])
            if isFilled { shorter += Array(repeating: 0, count: bytes.count - cut) }
            let storage = original.afterProcessDeath()
            try storage.replace(name, with: shorter)
            // A last byte that is zero is there although it was cut off, if zeros follow.
            let whole = (0..<Self.records).prefix { record in
                let recordEnd = 96 + (record + 1) * Self.recordBytes
                return cut >= recordEnd
                    || isFilled && shorter[..<recordEnd] == bytes[..<recordEnd]
            }.count
            let isHeaderWhole = shorter.count >= 96 && shorter[..<96] == bytes[..<96]
            if !isHeaderWhole || isMarked && whole < Self.marked {
                let damage = #expect(throws: Damage.self, "cut at \(cut)") { try Process(storage) }
                #expect(damage?.file == name)
                #expect(damage.map { $0.offset <= cut } == true)
                continue
            }
            let process = try Process(storage)
            #expect(process.report.records == whole, "cut at \(cut)")
            try process.append(bytes: 64)
            #expect(try Process(storage.afterPowerLoss()).report.records == whole + 1)
        }
    }
}
