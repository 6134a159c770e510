import Gateway
import TallyActors
import Testing

@Suite("Whole ballots in lines of the vote stream")
struct BallotLineTests {
    private let ranking = ParsingFixture.phase("ranking")

    private func line(
        _ votes: String, in phase: Identifier = "ranking", _ more: String = ""
    ) -> String {
        #"{"consultation":"c","phase":"\#(phase)","account":"a","votes":\#(votes)\#(more)}"#
    }

    private func decode(_ text: String) -> [DecodedLine] {
        VoteLineDecoder.decode(text + "\n")
    }

    @Test("are one command with all their votes, in their order")
    func ballots() {
        let expected = ParsingFixture.ballot([("p2", 1), ("p1", 2)], by: "a", in: ranking)
        for votes in [
            #"[{"proposal":"p2","rank":1},{"proposal":"p1","rank":2}]"#,
            #" [ { "rank" : 1 , "proposal" : "p2" } , {"proposal":"p1","rank":2} ] "#,
            #"[{"proposal":"p\u0032","rank":1},\#t{"proposal":"p1","rank":2}]"#,
        ] {
            #expect(decode(line(votes)) == [expected])
            #expect(VoteLineDecoder.decode(line(votes)) == [expected])
        }
        #expect(decode(line("[]")) == [ParsingFixture.ballot([], by: "a", in: ranking)])
    }

    @Test("carry what the kind carries")
    func kinds() {
        for (phase, members, value) in [
            ("support", "", 0), ("budget", "", 0), ("choice", #","choice":"mixed""#, 1),
            ("ranking", #","rank":1000000"#, 1_000_000), ("points", #","points":7"#, 7),
        ] as [(Identifier, String, UInt32)] {
            let votes = #"[{"proposal":"p1"\#(members)},{"proposal":"L5/04/VII"\#(members)}]"#
            let expected = ParsingFixture.ballot(
                [("p1", value), ("L5/04/VII", value)], by: "a", in: ParsingFixture.phase(phase))
            #expect(decode(line(votes, in: phase)) == [expected])
        }
    }

    @Test("of the usual shape never need the full parser, nor disturb the lines around them")
    func usualShape() {
        let ballot = line(#"[{"proposal":"p2","rank":1}, {"proposal":"p1","rank":2}]"#)
        let vote =
            #"{"consultation":"c","phase":"ranking","proposal":"p3","account":"b","rank":3}"#
        let text = [ballot, vote, line("[]"), ballot, vote].joined(separator: "\n") + "\n"
        var decoder = VoteLineDecoder(accountHash: ParsingFixture.hash, route: .anyPhase)
        var sink = CollectedLines()
        let stream = Array(text.utf8)
        _ = stream.withUnsafeBytes {
            decoder.decode($0, catalogue: ParsingFixture.catalogue, limit: .max, into: &sink)
        }
        #expect(decoder.unusualLineCount == 0)
        #expect(sink.order == [1, 2, 3, 4, 5])
        let expected = ParsingFixture.ballot([("p2", 1), ("p1", 2)], by: "a", in: ranking)
        #expect(sink.lines[1] == expected)
        #expect(sink.lines[2] == ParsingFixture.cast("p3", by: "b", 3, in: ranking))
        #expect(sink.lines[4] == expected)
        // Wherever the chunks end.
        for size in 1...stream.count {
            #expect(VoteLineDecoder.decode(stream, chunks: [size]).lines == sink)
        }
    }

    @Test(
        "are malformed when they are not exactly an array of votes beside an account",
        arguments: [
            #"{}"#, #""p1""#, "null", "[1]", "[[]]", "[{}]", #"[{"rank":1}]"#,
            #"[{"proposal":"p1","rank":1},]"#, #"[{"proposal":"p1","rank":1,}]"#,
            #"[{"proposal":"p1","rank":1} {"proposal":"p2","rank":2}]"#,
            #"[{"proposal":"p1","rank":1.0}]"#, #"[{"proposal":"p1","rank":"1"}]"#,
            #"[{"proposal":"p1","withdraw":true}]"#, #"[{"proposal":"p1","account":"a"}]"#,
            #"[{"proposal":"p1","votes":[]}]"#, #"[{"proposal":"p1","x":1}]"#,
            #"[{"proposal":"p1","proposal":"p1","rank":1}]"#,
            #"[{"proposal":"p1","rank":1,"rank":1}]"#, #"[{"proposal":"","rank":1}]"#,
            #"[{"proposal":"..","rank":1}]"#, #"[{"proposal":7,"rank":1}]"#,
            #"[{"proposal":"p1","rank":1}"#, #"[{"proposal":"p1","rank":1"#,
        ])
    func malformed(votes: String) {
        #expect(decode(line(votes)) == [.refused(.malformed)])
        // Whatever else is wrong with them.
        #expect(decode(line(votes, in: "gone")) == [.refused(.malformed)])
    }

    @Test("are malformed beside what belongs to one vote, or twice")
    func mixed() {
        let votes = #"[{"proposal":"p1","rank":1}]"#
        for more in [
            #","proposal":"p1""#, #","rank":1"#, #","points":1"#, #","choice":"agree""#,
            #","withdraw":true"#, #","votes":[]"#, #","x":1"#,
        ] {
            #expect(decode(line(votes, more)) == [.refused(.malformed)])
        }
        #expect(
            decode(#"{"consultation":"c","phase":"ranking","votes":[]}"#) == [
                .refused(.malformed)
            ])
        #expect(decode(#"{"account":"a","votes":[]}"#) == [.refused(.malformed)])
        let route = VoteRoute.phase(consultation: "c", phase: "ranking")
        let short = #"{"account":"a","votes":\#(votes)}"#
        #expect(
            VoteLineDecoder.decode(short, route: route) == [
                ParsingFixture.ballot([("p1", 1)], by: "a", in: ranking)
            ])
        #expect(VoteLineDecoder.decode(line(votes), route: route) == [.refused(.malformed)])
    }

    @Test("report the first error of the contract's order, wherever it stands")
    func orderOfErrors() {
        let valid = #"{"proposal":"p1","rank":1}"#
        let invalid = #"{"proposal":"p2","rank":0}"#
        let bare = #"{"proposal":"p3"}"#
        let foreign = #"{"proposal":"p3","rank":2,"points":1}"#
        let unknown = #"{"proposal":"nowhere","rank":2}"#
        for (votes, refusal) in [
            ([valid, invalid], Refusal.invalidVote), ([bare, valid], .invalidVote),
            ([foreign], .invalidVote), ([invalid, unknown], .unknownProposal),
            ([unknown, invalid], .unknownProposal), ([unknown, "{}"], .malformed),
            ([invalid, #"{"proposal":"p3","rank":1.5}"#], .malformed),
        ] {
            let votes = "[\(votes.joined(separator: ","))]"
            #expect(decode(line(votes)) == [.refused(refusal)])
        }
        #expect(decode(line("[\(unknown)]", in: "gone")) == [.refused(.unknownPhase)])
        #expect(decode(line(#"[{"proposal":"p1"}]"#)) == [.refused(.invalidVote)])
    }

    @Test("have at most 1,024 votes")
    func limit() {
        for (count, broken) in [(1024, ""), (1025, ""), (1025, "x"), (1026, "]")] {
            let votes = (0..<count).map { _ in #"{"proposal":"p1"}"# }.joined(separator: ",")
            let decoded = decode(line("[\(votes)\(broken)]", in: "support"))
            if count > CommandBatch.maximumBallotVotes {
                #expect(decoded == [.refused(.tooLarge)])
            } else {
                let votes = Array(repeating: ("p1" as Identifier, UInt32(0)), count: count)
                let support = ParsingFixture.phase("support")
                #expect(decoded == [ParsingFixture.ballot(votes, by: "a", in: support)])
            }
        }
    }
}
