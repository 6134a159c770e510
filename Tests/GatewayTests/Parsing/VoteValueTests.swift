import Gateway
import TallyActors
import Testing

@Suite("What the votes of each kind carry, in lines")
struct VoteValueTests {
    private func line(_ phase: Identifier, _ members: String) -> [DecodedLine] {
        VoteLineDecoder.decode(
            #"{"consultation":"c","phase":"\#(phase)","proposal":"p1","account":"a"\#(members)}"#
                + "\n")
    }

    private func cast(_ phase: Identifier, _ value: UInt32) -> [DecodedLine] {
        [ParsingFixture.cast("p1", by: "a", value, in: ParsingFixture.phase(phase))]
    }

    @Test("is nothing for support and budget, a rank, or points")
    func values() {
        #expect(line("support", "") == cast("support", 0))
        #expect(line("budget", "") == cast("budget", 0))
        for value: UInt32 in [1, 2, 9, 10, 999_999, 1_000_000] {
            #expect(line("ranking", #","rank":\#(value)"#) == cast("ranking", value))
            #expect(line("points", #", "points" : \#(value) "#) == cast("points", value))
            #expect(line("points", #","po\u0069nts":\#(value)"#) == cast("points", value))
        }
    }

    @Test("is out of range below 1 and above a million, however many digits it has")
    func ranges() {
        for value in [
            "0", "-0", "-1", "1000001", "9999999", "10000000", "4294967296", "4294967297",
            "18446744073709551617", "-99999999999999999999", String(repeating: "9", count: 1000),
        ] {
            #expect(line("ranking", #","rank":\#(value)"#) == [.refused(.invalidVote)])
            #expect(line("points", #","points":\#(value)"#) == [.refused(.invalidVote)])
        }
    }

    @Test(
        "is an integer without fraction and exponent",
        arguments: ["1.0", "1.5", "1e3", "1E0", "01", "+1", "-", "", "0x1", "1 2", "\"1\"", "null"])
    func integers(value: String) {
        #expect(line("ranking", #","rank":\#(value)"#) == [.refused(.malformed)])
        #expect(line("points", #","points":\#(value)"#) == [.refused(.malformed)])
    }

    @Test("fits the kind of the phase")
    func kinds() {
        let carried: [Identifier: String] = [
            "choice": #","choice":"agree""#, "ranking": #","rank":1"#, "points": #","points":1"#,
            "support": "",
        ]
        for phase: Identifier in ["support", "budget", "choice", "ranking", "points"] {
            for (kind, members) in carried where kind != phase {
                if phase == "budget", kind == "support" { continue }
                #expect(line(phase, members) == [.refused(.invalidVote)])
            }
            #expect(line(phase, #","rank":1,"points":1"#) == [.refused(.invalidVote)])
            #expect(line(phase, #","withdraw":true,"rank":1"#) == [.refused(.invalidVote)])
        }
    }

    @Test("of the usual shape never needs the full parser")
    func usualShape() {
        var decoder = VoteLineDecoder(accountHash: ParsingFixture.hash, route: .anyPhase)
        var sink = CollectedLines()
        let stream = Array(
            """
            {"consultation":"c","phase":"ranking","proposal":"p1","account":"a","rank":1}
            {"consultation":"c","phase":"points","proposal":"p1","account":"a","points":1000000}
            {"consultation":"c","phase":"points","points": 12, "proposal":"p1","account":"a"}
            {"consultation":"c","phase":"points","proposal":"p1","account":"a","points":9999999}

            """.utf8)
        // The last line has nothing behind it that may be read, and is copied first.
        _ = stream.withUnsafeBytes {
            decoder.decode($0, catalogue: ParsingFixture.catalogue, limit: .max, into: &sink)
        }
        #expect(decoder.lineCount == 4)
        #expect(decoder.unusualLineCount == 0)
        #expect(sink.lines[4] == .refused(.invalidVote))
    }
}
