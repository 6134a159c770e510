import Gateway
import TallyActors
import Testing

@Suite("A tally as clients read it")
struct TallyRenderingsTests {
    @Test(
        "names the counts of each kind of ballot",
        arguments: [
            (BallotRule(kind: .support), [Int64(7)], #"{"support":7}"#),
            (BallotRule(kind: .budget, budget: 10), [7], #"{"support":7}"#),
            (
                BallotRule(kind: .choice, choices: ["yes", "n\"o", "maybe"]), [7, 0, 2],
                #"{"yes":7,"n\"o":0,"maybe":2}"#
            ),
            (BallotRule(kind: .ranking, maximumVotes: 3), [7, 15], #"{"votes":7,"points":15}"#),
            (BallotRule(kind: .points), [7, 70], #"{"votes":7,"points":70}"#),
        ])
    func kinds(rule: BallotRule, counts: [Int64], expected: String) throws {
        var stage = TallyStage(.phase("ph", rule, proposals: "p", "q"))
        stage.count(counts, voters: 7)
        let zeros = expected.replacing(#/:\d+/#, with: ":0")
        #expect(
            try stage.body(.phase("c", "ph")) == """
                {"id":"ph","state":"open","voters":7,"proposals":[{"id":"p","counts":\(expected)},\
                {"id":"q","counts":\(zeros)}],"sequence":2,"as_of":"1970-01-01T00:00:02.000Z"}
                """)
        #expect(
            try stage.body(.proposal("c", "ph", "p")) == """
                {"id":"p","counts":\(expected),"sequence":2,"as_of":"1970-01-01T00:00:02.000Z"}
                """)
    }

    @Test("of a closed phase tells of its seal, which the proposal's own does not")
    func sealed() throws {
        var stage = TallyStage(.phase("ph", BallotRule(kind: .support), proposals: "p"))
        stage.count([3], voters: 3)
        stage.close("ph")
        let seal = try #require(stage.catalogue.seal(of: "ph", in: "c"))
        let phase = """
            {"id":"ph","state":"closed","voters":3,"sealed":{"at":"1970-01-01T00:00:02.000Z",\
            "digest":"\(seal.digest)"},"proposals":[{"id":"p","counts":{"support":3}}]
            """
        let position = #","sequence":3,"as_of":"1970-01-01T00:00:03.000Z""#
        #expect(try stage.body(.phase("c", "ph")) == phase + position + "}")
        #expect(
            try stage.body(.consultation("c"))
                == #"{"consultation":"c"\#(position),"phases":["# + phase + "}]}")
        #expect(
            try stage.body(.proposal("c", "ph", "p"))
                == #"{"id":"p","counts":{"support":3}\#(position)}"#)
    }

    @Test("is encoded anew for what changed, in the order of the definition")
    func runs() throws {
        let names = (0..<200).map { Identifier(validated: "p\($0)".utf8) }
        func phase(_ names: [Identifier]) -> PhaseDefinition {
            PhaseDefinition(
                id: "ph", ballot: BallotRule(kind: .points),
                proposals: names.map { ProposalDefinition(id: $0) })
        }
        var stage = TallyStage(phase(names))
        #expect(try stage.body(.phase("c", "ph")).contains(#"{"id":"p70","counts":{"votes":0"#))
        stage.count([1, 9], of: 70)
        let body = try stage.body(.phase("c", "ph"))
        #expect(body.contains(#"{"id":"p70","counts":{"votes":1,"points":9}},{"id":"p71""#))
        stage.define([phase(names.reversed())])
        let turned = try stage.body(.phase("c", "ph"))
        #expect(turned.contains(#"{"id":"p70","counts":{"votes":1,"points":9}},{"id":"p69""#))
    }

    @Test("of what was removed is unknown, and of what came in its place starts from nothing")
    func removed() throws {
        let phase = PhaseDefinition.phase("ph", BallotRule(kind: .support), proposals: "p")
        var stage = TallyStage(phase)
        stage.count([5], voters: 5)
        stage.close("ph")
        _ = try stage.body(.consultation("c"))
        #expect(stage.apply(.remove(consultation: "c")) == .removed)
        #expect(throws: Refusal.unknownConsultation) { try stage.answer(.phase("c", "ph")) }
        stage.define([phase])
        #expect(try stage.body(.phase("c", "ph")).contains(#""voters":0,"#))
        #expect(try stage.body(.proposal("c", "ph", "p")).contains(#"{"support":0}"#))
    }
}
