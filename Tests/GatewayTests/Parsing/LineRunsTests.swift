import Gateway
import Testing

@Suite("The lines of a batch's commands")
struct LineRunsTests {
    @Test("are found again behind gaps")
    func gaps() {
        let lines: [UInt64] = [1, 2, 3, 7, 8, 20, 22, 23, 1_000_000, 1_000_001]
        var runs = LineRuns()
        for line in lines { runs.append(line: line) }
        #expect(lines.indices.map { runs.line(at: $0) } == lines)
    }

    @Test("may begin anywhere")
    func beginning() {
        for first: UInt64 in [0, 1, 5_000_000_000] {
            var runs = LineRuns()
            for offset: UInt64 in 0..<100 { runs.append(line: first + offset) }
            #expect(runs.line(at: 0) == first)
            #expect(runs.line(at: 99) == first + 99)
        }
    }
}
