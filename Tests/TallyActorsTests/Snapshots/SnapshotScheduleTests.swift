import TallyActors
import Testing

@Suite("When a snapshot is due")
struct SnapshotScheduleTests {
    private let schedule = SnapshotSchedule(sequence: 10, journalBytes: 1000, monotonic: 5)

    @Test("after so many bytes, or so long a time, when anything was journaled")
    func due() {
        let bytes = 1000 + SnapshotSchedule.journalBytes
        let time = 5 + SnapshotSchedule.interval
        #expect(!schedule.isDue(sequence: 11, journalBytes: bytes - 1, monotonic: time - 1))
        #expect(schedule.isDue(sequence: 11, journalBytes: bytes, monotonic: 5))
        #expect(schedule.isDue(sequence: 11, journalBytes: 1024, monotonic: time))
        #expect(!schedule.isDue(sequence: 10, journalBytes: bytes, monotonic: time))
    }
}
