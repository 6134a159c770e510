import Persistence
import Testing

@Suite struct BackupPlanTests {
    private func files(_ names: String...) -> [String] {
        BackupPlan.files(of: names.map { StorageEntry(name: $0, size: 1) })
    }

    private func segment(_ sequence: Int) -> String {
        "journal-\(String(repeating: "0", count: 20 - "\(sequence)".count))\(sequence).seg"
    }

    private func snapshot(_ sequence: Int) -> String {
        "snapshot-\(String(repeating: "0", count: 20 - "\(sequence)".count))\(sequence).snap"
    }

    @Test func twoSnapshotsAndTheJournalFromTheOlderOneOnAreCopied() {
        #expect(
            files(
                segment(30), snapshot(19), segment(1), snapshot(5), segment(10), segment(20),
                snapshot(35))
                == [snapshot(19), snapshot(35), segment(20), segment(30)])
    }

    @Test func withoutTwoSnapshotsTheWholeJournalIsCopied() {
        #expect(
            files(segment(10), snapshot(12), segment(1))
                == [snapshot(12), segment(1), segment(10)])
        #expect(files(segment(1)) == [segment(1)])
        #expect(files() == [])
    }

    @Test func whatAServerMakesAnewIsNotCopied() {
        #expect(
            files(
                "lock", "key", "durable-mark", "spare", "reserve", segment(1) + ".tmp",
                "torn-00000000000000000004.tail", "snapshot-00000000000000000002.bad", "notes.txt")
                == [])
    }

    @Test func configurationIsCopiedWhenItIsThere() {
        #expect(files("tokens.json", segment(1)) == [segment(1), "tokens.json"])
        #expect(files("tokens.json.tmp") == [])
    }
}
