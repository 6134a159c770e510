import Gateway
import TallyActors
import Testing

@Suite("The body of a whole ballot")
struct UnaryBallotTests {
    private let ranking = ParsingFixture.phase("ranking")
    private let account = ParsingFixture.key("a")

    /// What a body came to: the words of its casts, or why it was refused.
    private func read(
        _ body: String, at place: UnaryVote.Place? = nil, by reader: inout UnaryBallot
    ) -> Result<[UInt64], Refusal> {
        let refusal = Array(body.utf8).withUnsafeBytes {
            reader.read($0, of: account, at: place ?? .phase(ranking))
        }
        if let refusal { return .failure(refusal) }
        #expect(reader.votes.allSatisfy { $0.account == account })
        return .success(reader.votes.map(\.word))
    }

    private func words(_ votes: [(proposal: Identifier, rank: UInt32)]) -> [UInt64] {
        votes.map {
            ParsingFixture.command($0.proposal, by: "a", $0.rank, in: ranking).word
        }
    }

    @Test("is its votes, body after body")
    func bodies() {
        var reader = UnaryBallot()
        for _ in 0..<2 {
            #expect(
                read(
                    #" { "votes" : [ {"rank":2,"proposal":"p\u0031"}, {"proposal":"p2","rank":1}]}"#,
                    by: &reader) == .success(words([("p1", 2), ("p2", 1)])))
            #expect(read(#"{"votes":[]}"#, by: &reader) == .success([]))
            #expect(read(#"{"votes":[{}]}"#, by: &reader) == .failure(.malformed))
        }
    }

    @Test("is too large, malformed, at an unknown place, or invalid: the first of these")
    func orderOfErrors() {
        var reader = UnaryBallot()
        let unknown = UnaryVote.Place.unknown(.unknownPhase)
        let many = Array(repeating: #"{"proposal":"nowhere"}"#, count: 1025)
        let tooMany = #"{"votes":[\#(many.joined(separator: ","))],"x":1}"#
        for place in [.phase(ranking), unknown] {
            #expect(read(tooMany, at: place, by: &reader) == .failure(.tooLarge))
            for body in [
                "", "{}", "[]", #"{"votes":{}}"#, #"{"votes":[],"votes":[]}"#, #"{"votes":[]}x"#,
                #"{"votes":[],"x":1}"#, #"{"votes":[{"rank":1}]}"#, #"{"votes":null}"#,
                #"{"votes":[{"proposal":"nowhere","rank":0},{"proposal":"p1","rank":1e1}]}"#,
            ] {
                #expect(read(body, at: place, by: &reader) == .failure(.malformed))
            }
        }
        let body = #"{"votes":[{"proposal":"p1","rank":0},{"proposal":"nowhere","rank":1}]}"#
        #expect(read(body, at: unknown, by: &reader) == .failure(.unknownPhase))
        #expect(read(body, by: &reader) == .failure(.unknownProposal))
        let invalid = #"{"votes":[{"proposal":"p1","rank":1},{"proposal":"p2","points":1}]}"#
        #expect(read(invalid, by: &reader) == .failure(.invalidVote))
    }
}
