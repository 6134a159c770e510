import TallyActors
import Testing

@Suite("When a snapshot is due")
struct SnapshotScheduleTests {
    private let schedule = SnapshotSchedule(sequence: 10, journalBytes: 1000, monotonic: 5)

    private func isDue(
        _ sequence: UInt64, _ journalBytes: UInt64, _ monotonic: Int64, erasing: Bool = false
    ) -> Bool {
        schedule.isDue(
            sequence: sequence, journalBytes: journalBytes, isErasurePending: erasing,
            monotonic: monotonic)
    }

    @Test("after so many bytes, or so long a time, when anything was journaled")
    func due() {
        let bytes = 1000 + SnapshotSchedule.journalBytes
        let time = 5 + SnapshotSchedule.interval
        #expect(!isDue(11, bytes - 1, time - 1))
        #expect(isDue(11, bytes, 5))
        #expect(isDue(11, 1024, time))
        #expect(!isDue(10, bytes, time))
    }

    @Test("after so long a time also when nothing was journaled but a deletion is not yet physical")
    func dueForErasure() {
        let time = 5 + SnapshotSchedule.interval
        #expect(isDue(10, 1000, time, erasing: true))
        #expect(!isDue(10, 1000, time - 1, erasing: true))
    }
}
