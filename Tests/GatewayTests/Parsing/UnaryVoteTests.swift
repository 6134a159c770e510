import Gateway
import TallyActors
import Testing

@Suite("The body of one vote")
struct UnaryVoteTests {
    private let choice = UnaryVote.Place.phase(ParsingFixture.phase("choice"))
    private let support = UnaryVote.Place.phase(ParsingFixture.phase("support"))

    private func read(_ body: String, at place: UnaryVote.Place) -> UnaryVote.Reading {
        Array(body.utf8).withUnsafeBytes { UnaryVote.read($0, at: place) }
    }

    @Test("carries what the kind carries")
    func values() {
        #expect(read(#"{"choice":"agree"}"#, at: choice) == .value(0))
        #expect(read(#" { "choice" : "d\u0069sagree" } "#, at: choice) == .value(2))
        #expect(read("{}", at: support) == .value(0))
        #expect(read("{}", at: .phase(ParsingFixture.phase("budget"))) == .value(0))
        let ranking = UnaryVote.Place.phase(ParsingFixture.phase("ranking"))
        let points = UnaryVote.Place.phase(ParsingFixture.phase("points"))
        for value: UInt32 in [1, 3, 1_000_000] {
            #expect(read(#"{"rank":\#(value)}"#, at: ranking) == .value(value))
            #expect(read(#"{"points":\#(value)}"#, at: points) == .value(value))
        }
        for value in ["0", "-1", "1000001", "4294967297", "99999999999999999999"] {
            #expect(read(#"{"rank":\#(value)}"#, at: ranking) == .refused(.invalidVote))
            #expect(read(#"{"points":\#(value)}"#, at: points) == .refused(.invalidVote))
        }
        #expect(read(#"{"points":1}"#, at: ranking) == .refused(.invalidVote))
        #expect(read(#"{"rank":1}"#, at: points) == .refused(.invalidVote))
        #expect(read("{}", at: points) == .refused(.invalidVote))
    }

    @Test("is malformed before the place is unknown, and that before the vote is invalid")
    func orderOfErrors() {
        let unknown = UnaryVote.Place.unknown(.unknownProposal)
        for body in [
            "", "x", "[]", #"{"choice":1}"#, #"{"x":1}"#, #"{"choice":"agree"}x"#,
            #"{"choice":"a","choice":"a"}"#, #"{"rank":1.5}"#, #"{"withdraw":true}"#,
            #"{"votes":[]}"#, #"{"proposal":"p1","choice":"agree"}"#,
        ] {
            for place in [choice, support, unknown] {
                #expect(read(body, at: place) == .refused(.malformed))
            }
        }
        for body in [#"{"choice":"other"}"#, #"{"rank":1}"#] {
            #expect(read(body, at: unknown) == .refused(.unknownProposal))
            #expect(read(body, at: choice) == .refused(.invalidVote))
            #expect(read(body, at: support) == .refused(.invalidVote))
        }
        #expect(read("{}", at: choice) == .refused(.invalidVote))
        #expect(read(#"{"choice":"agree"}"#, at: support) == .refused(.invalidVote))
        #expect(read(#"{"choice":"agree","points":1}"#, at: choice) == .refused(.invalidVote))
    }
}
