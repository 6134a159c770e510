import Gateway
import Logging
import Synchronization
import TallyActors
import Testing

@Suite("The audit log")
struct AuditLogTests {
    private struct Full: Error {}

    private final class File: Sendable {
        let text = Mutex("")
        let isFull = Mutex(false)

        var lines: [String] {
            text.withLock { $0.split(separator: "\n").map(String.init) }
        }
    }

    private func log(_ file: File) -> AuditLog {
        AuditLog(
            clock: SystemClock(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { bytes in
            if file.isFull.withLock({ $0 }) { throw Full() }
            file.text.withLock { $0 += String(decoding: bytes, as: UTF8.self) }
        }
    }

    private func entry(_ number: Int) -> AuditEntry {
        var entry = AuditEntry(.erase, by: .anonymous, outcome: "done")
        entry.sequence = UInt64(number)
        return entry
    }

    @Test("keeps the order in which it was told")
    func order() {
        let file = File()
        let log = log(file)
        for number in 0..<1000 { log.record(entry(number)) }
        log.flush()
        #expect(file.lines.count == 1000)
        for (number, line) in file.lines.enumerated() {
            #expect(line.contains("\"sequence\":\(number),"))
        }
    }

    @Test("says how many lines a disk did not take, when it takes some again")
    func losses() {
        let file = File()
        let log = log(file)
        file.isFull.withLock { $0 = true }
        for number in 0..<3 {
            log.record(entry(number))
            log.flush()
        }
        #expect(file.lines.isEmpty)
        file.isFull.withLock { $0 = false }
        log.record(entry(3))
        log.flush()
        #expect(file.lines.count == 2)
        #expect(file.lines[1].contains("\"sequence\":3,"))
        #expect(file.lines[0].contains(#""act":"lost-lines","lines":3}"#))
        log.record(entry(4))
        log.flush()
        #expect(file.lines.count == 3, "it is told once")
    }

    @Test("keeps a bounded number of bytes while it cannot write")
    func bound() {
        let file = File()
        let log = log(file)
        // Longer than the limit in all, while the first batch is held up.
        let held = file.isFull.withLock { isFull -> Int in
            let line = entry(0).line(at: Instant(milliseconds: 0)).readableBytes
            let count = 3 * AuditLog.waitingLimit / line
            for number in 0..<count { log.record(entry(number)) }
            return count
        }
        log.flush()
        let lost = file.lines.compactMap { line in
            line.split(separator: "\"lines\":").last.flatMap { Int($0.dropLast()) }
        }.reduce(0, +)
        #expect(lost > 0)
        #expect(file.lines.count { $0.contains("\"act\":\"erase\"") } + lost == held)
    }
}
