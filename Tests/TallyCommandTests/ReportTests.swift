import Testing
import tally

struct ReportTests {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-4100, "-4,100"),
    ])
    func numbersAreGrouped(number: Int, text: String) {
        #expect(Figures.grouped(number) == text)
    }

    @Test(
        arguments: [
            (0, "0 µs"), (850_400, "850 µs"), (999_600, "1.00 ms"), (3_214_000, "3.21 ms"),
            (9_999_000, "10.0 ms"), (99_990_000, "100 ms"), (812_000_000, "812 ms"),
            (999_900_000, "1.00 s"), (61_250_000_000, "61.25 s"),
        ] as [(UInt64, String)])
    func timesHaveThreeDigits(nanoseconds: UInt64, text: String) {
        #expect(Figures.duration(nanoseconds) == text)
    }

    @Test func decimalsAreRounded() {
        #expect(Figures.decimal(1234.5678, 2) == "1,234.57")
        #expect(Figures.decimal(0.05, 1) == "0.1")
        #expect(Figures.decimal(-0.001, 2) == "0.00")
        #expect(Figures.decimal(2.5e6, 0) == "2,500,000")
    }

    @Test func everyDifferenceIsFound() throws {
        let ballot = BallotPlan(
            consultation: "c", title: "C", phase: "ph", kind: .choice(["yes", "no"]),
            proposals: [.init(id: "a"), .init(id: "b")])
        var expected = ExpectedTally(proposals: 2, kind: ballot.kind)
        expected[0, 0] = 3
        expected.voters = 3
        let good = """
            {"sequence":1,"voters":3,"proposals":[
            {"id":"b","counts":{"yes":0,"no":0}},{"id":"a","counts":{"yes":3,"no":0}}]}
            """
        #expect(TallyCheck(expected, ballot, try #require(PhaseTally(json: good.utf8))).isExact)
        let bad = #"{"sequence":1,"voters":2,"proposals":[{"id":"a","counts":{"yes":3,"no":1}}]}"#
        let check = TallyCheck(expected, ballot, try #require(PhaseTally(json: bad.utf8)))
        #expect(
            check.differences.map(\.what) == ["a no", "b yes", "b no", "voters", "proposals"])
        #expect(check.differences[0].found == 1)
        #expect(check.differences[1].found == nil)
    }

    @Test func paragraphsFitTheTerminal() {
        let lines = Paragraph.lines("one two\n three four", indent: 2, width: 11)
        #expect(lines == ["  one two", "  three", "  four"])
    }

    @Test func identifiersAreEscapedInPaths() {
        #expect(BallotPlan.escaped("L5/04 é+%") == "L5%2F04%20%C3%A9%2B%25")
    }
}
