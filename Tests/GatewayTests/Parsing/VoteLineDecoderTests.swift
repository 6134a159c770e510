import Gateway
import TallyActors
import Testing

/// Where most of the votes below go.
private let place = #""consultation":"c","phase":"choice","proposal":"p1""#

@Suite("The vote stream's lines")
struct VoteLineDecoderTests {
    private let agree = ParsingFixture.cast("p1", by: "a", choice: "agree")

    @Test(
        "are votes in any order of keys, with any white space and escapes",
        arguments: [
            #"{\#(place),"account":"a","choice":"agree"}"#,
            #"{"choice":"agree","account":"a","proposal":"p1","phase":"choice","consultation":"c"}"#,
            #" { "consultation" : "c" , "phase":"choice", "proposal":"p1","account":"a","#
                + #""choice":"agree" } "#,
            "\t{\"consultation\":\t\"c\",\r\"phase\":\"choice\",\"proposal\":\"p1\""
                + ",\"account\":\"a\",\"choice\":\"agree\"}\r",
            #"{"cons\u0075ltation":"\u0063","phase":"choice","proposal":"p\u0031","#
                + #""account":"\u0061","choice":"\u0061gree"}"#,
        ])
    func shapes(line: String) {
        #expect(VoteLineDecoder.decode(line) == [agree])
        #expect(VoteLineDecoder.decode(line + "\n") == [agree])
        #expect(VoteLineDecoder.decode(line + "\r\n" + line) == [agree, agree])
    }

    @Test("of the usual shape never need the full parser")
    func usualShape() {
        let line = #"{\#(place),"account":"a","choice":"agree"}"#
        let spaced =
            #"{"account": "a", "proposal": "p1", "choice": "agree", "phase": "choice", "#
            + #""consultation": "c"}"#
        let withdrawal = #"{\#(place),"account":"a","withdraw":true}"#
        var decoder = VoteLineDecoder(accountHash: ParsingFixture.hash, route: .anyPhase)
        var sink = CollectedLines()
        let stream = Array("\(line)\n\(spaced)\r\n\(withdrawal)\n\(line)\n".utf8)
        let consumed = stream.withUnsafeBytes {
            decoder.decode($0, catalogue: ParsingFixture.catalogue, limit: .max, into: &sink)
        }
        #expect(consumed == stream.count)
        #expect(decoder.lineCount == 4)
        #expect(decoder.unusualLineCount == 0)
        #expect(sink.lines[1] == agree)
        #expect(sink.lines[3] == ParsingFixture.withdraw("p1", by: "a"))
    }

    @Test(
        "are malformed when they are not exactly an object of the known keys",
        arguments: [
            "x", "{}", "[]", "\"x\"", "1", "{", "{\"", "null", "\u{FEFF}{}",
            #"{\#(place),"account":"a","choice":"agree"}}"#,
            #"{\#(place),"account":"a","choice":"agree",}"#,
            #"{\#(place),"account":"a","choice":"agree""#,
            #"{\#(place),"account":"a","choice":"agree"} x"#,
            #"{\#(place),"account":"a","choice":"agree","x":1}"#,
            #"{\#(place),"account":"a","account":"a","choice":"agree"}"#,
            #"{"phase":"choice","proposal":"p1","account":"a","choice":"agree"}"#,
            #"{"consultation":"c","proposal":"p1","account":"a","choice":"agree"}"#,
            #"{"consultation":"c","phase":"choice","account":"a","choice":"agree"}"#,
            #"{\#(place),"choice":"agree"}"#,
            #"{\#(place),"account":"","choice":"agree"}"#,
            #"{\#(place),"account":".","choice":"agree"}"#,
            #"{\#(place),"account":"..","choice":"agree"}"#,
            #"{\#(place),"account":"a\n","choice":"agree"}"#,
            #"{\#(place),"account":"\u2028","choice":"agree"}"#,
            #"{\#(place),"account":"\ud800","choice":"agree"}"#,
            #"{\#(place),"account":1,"choice":"agree"}"#,
            #"{\#(place),"account":"a","choice":1}"#,
            #"{\#(place),"account":"a","choice":null}"#,
            #"{\#(place),"account":"a","withdraw":1}"#,
            #"{\#(place),"account":"a","withdraw":false}"#,
            #"{\#(place),"account":"a","rank":1.0}"#,
            #"{\#(place),"account":"a","rank":1e0}"#,
            #"{\#(place),"account":"a","rank":"1"}"#,
            #"{\#(place),"account":"a","rank":null}"#,
            #"{\#(place),"account":"a","rank":01}"#,
            #"{\#(place),"account":"a","rank":1,"rank":1}"#,
            #"{\#(place),"account":"a","points":true}"#,
            #"{\#(place),"account":"a","points":}"#,
        ])
    func malformed(line: String) {
        #expect(VoteLineDecoder.decode(line) == [.refused(.malformed)])
        #expect(VoteLineDecoder.decode(line + "\n") == [.refused(.malformed)])
    }

    @Test("with bytes that are not UTF-8 are malformed")
    func invalidUTF8() {
        let line = #"{\#(place),"account":"?","choice":"agree"}"#
        let sequences: [[UInt8]] = [
            [0x80], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC3],
        ]
        for bad in sequences {
            let parts = Array(line.utf8).split(separator: UInt8(ascii: "?"))
            let stream = Array(parts[0]) + bad + parts[1]
            let (sink, _) = VoteLineDecoder.decode(stream, chunks: [.max])
            #expect(sink.lines == [1: .refused(.malformed)])
        }
    }

    @Test(
        "report the first error of the contract's order",
        arguments: [
            (
                #"{"consultation":"x","phase":"x","proposal":"x","account":"a","choice":"x","rank":1}"#,
                Refusal.unknownConsultation
            ),
            (
                #"{"consultation":"c","phase":"x","proposal":"x","account":"a","choice":"x"}"#,
                .unknownPhase
            ),
            (
                #"{"consultation":"c","phase":"choice","proposal":"x","account":"a","choice":"x"}"#,
                .unknownProposal
            ),
            (
                #"{\#(place),"account":"a","choice":"x"}"#,
                .invalidVote
            ),
            (
                #"{\#(place),"account":"a","choice":""}"#,
                .invalidVote
            ),
            (#"{\#(place),"account":"a"}"#, .invalidVote),
            (
                #"{"consultation":"c","phase":"support","proposal":"p1","account":"a","choice":"agree"}"#,
                .invalidVote
            ),
            (
                #"{\#(place),"account":"a","choice":"agree","rank":1}"#,
                .invalidVote
            ),
            (
                #"{"consultation":"c","phase":"support","proposal":"p1","account":"a","points":3}"#,
                .invalidVote
            ),
            (
                #"{\#(place),"account":"a","withdraw":true,"choice":"agree"}"#,
                .invalidVote
            ),
            (
                #"{"consultation":"x","phase":"choice","proposal":"p1","account":"","choice":"agree"}"#,
                .malformed
            ),
        ])
    func orderOfErrors(line: String, refusal: Refusal) {
        #expect(VoteLineDecoder.decode(line + "\n") == [.refused(refusal)])
    }

    @Test("find names of any length and beyond ASCII, byte by byte")
    func names() {
        for name in ParsingFixture.proposalNames {
            let escaped = name.replacing("\"", with: "\\\"")
            let line =
                #"{"consultation":"c","phase":"support","proposal":"\#(escaped)","account":"é"}"#
            let expected = ParsingFixture.cast(
                Identifier(validated: name.utf8), by: "é", in: ParsingFixture.phase("support"))
            #expect(VoteLineDecoder.decode(line) == [expected])
        }
        // The same letters, composed another way, are another name.
        let decomposed =
            #"{"consultation":"c","phase":"support","proposal":"pro\#u{308}posal","account":"é"}"#
        #expect(VoteLineDecoder.decode(decomposed) == [.refused(.unknownProposal)])
    }

    @Test("on the route of one phase name neither consultation nor phase")
    func fixedPhase() {
        let route = VoteRoute.phase(consultation: "c", phase: "choice")
        let line = #"{"proposal":"p1","account":"a","choice":"agree"}"#
        #expect(VoteLineDecoder.decode(line + "\n" + line, route: route) == [agree, agree])
        for key in ["consultation", "phase"] {
            let named = #"{"\#(key)":"c","proposal":"p1","account":"a","choice":"agree"}"#
            #expect(VoteLineDecoder.decode(named + "\n", route: route) == [.refused(.malformed)])
        }
        #expect(VoteLineDecoder.decode(line) == [.refused(.malformed)])
        let unknown = VoteRoute.phase(consultation: "c", phase: "gone")
        #expect(VoteLineDecoder.decode(line, route: unknown) == [.refused(.unknownPhase)])
    }

    @Test("are judged by the catalogue of their moment")
    func catalogueChanges() {
        let line = Array(
            #"{"consultation":"c","phase":"support","proposal":"p1","account":"a"}\#n"#.utf8)
        var decoder = VoteLineDecoder(accountHash: ParsingFixture.hash, route: .anyPhase)
        var sink = CollectedLines()
        for catalogue in [Catalogue.empty, ParsingFixture.catalogue, Catalogue.empty] {
            _ = line.withUnsafeBytes {
                decoder.decode($0, catalogue: catalogue, limit: .max, into: &sink)
            }
        }
        let support = ParsingFixture.phase("support")
        #expect(sink.lines[1] == .refused(.unknownConsultation))
        #expect(sink.lines[2] == ParsingFixture.cast("p1", by: "a", in: support))
        #expect(sink.lines[3] == .refused(.unknownConsultation))
    }

    @Test("follow the phase from line to line, also after many that were alike")
    func changingPhases() {
        let support = ParsingFixture.phase("support")
        let other = ParsingFixture.phase("support", in: "Ünïcode")
        let inChoice = #"{\#(place),"account":"a","choice":"agree"}"#
        let inSupport =
            #"{"consultation":"c","phase":"support","proposal":"p1","account":"a"}"#
        let inOther =
            #"{"consultation":"Ünïcode","phase":"support","proposal":"p1","account":"a"}"#
        let unknown = #"{"consultation":"c","phase":"suppor","proposal":"p1","account":"a"}"#
        let broken = #"{"consultation":"c","phase":"choice",}"#
        let lines: [(String, DecodedLine)] = [
            (inChoice, agree), (inSupport, ParsingFixture.cast("p1", by: "a", in: support)),
            (inOther, ParsingFixture.cast("p1", by: "a", in: other)),
            (unknown, .refused(.unknownPhase)), (broken, .refused(.malformed)),
        ]
        for repeats in 1...4 {
            let all = (lines + lines.reversed()).flatMap {
                Array(repeating: $0, count: repeats)
            }
            let text = all.map(\.0).joined(separator: "\n") + "\n"
            #expect(VoteLineDecoder.decode(text) == all.map(\.1))
        }
    }
}
