import Gateway
import NIOCore
import TallyActors
import Testing

@Suite("The body of a definition")
struct DefinitionBodyTests {
    private func read(_ body: String) -> Result<ConsultationDefinition, DefinitionFault> {
        Array(body.utf8).withUnsafeBytes { DefinitionBody.consultation($0) }
    }

    private func refusal(_ body: String) -> Refusal? {
        guard case .failure(let fault) = read(body) else { return nil }
        #expect(!fault.detail.isEmpty)
        return fault.refusal
    }

    /// A definition with one phase, parts of which are replaced.
    private func body(
        outside: String = "", opens: String? = nil, closes: String? = nil,
        ballot: String = #"{"kind":"support"}"#, proposals: String = "[]", extra: String = ""
    ) -> String {
        let times = [("opens_at", opens), ("closes_at", closes)]
            .compactMap { key, value in value.map { "\"\(key)\":\($0)," } }.joined()
        return """
            {\(outside)"phases":[{"id":"one",\(times)"ballot":\(ballot),\(extra)\
            "proposals":\(proposals)}]}
            """
    }

    @Test("of the contract's example is read whole")
    func example() throws {
        let definition = try read(Self.example).get()
        let opens = ScheduledTime(
            text: "2026-11-01T08:00:00", instant: Instant(milliseconds: 1_793_516_400_000))
        let closes = ScheduledTime(
            text: "2026-12-01T20:00:00", instant: Instant(milliseconds: 1_796_151_600_000))
        #expect(
            definition
                == ConsultationDefinition(
                    title: .byLanguage([
                        Title.LanguageText(tag: "en", text: "Budget 2027"),
                        Title.LanguageText(tag: "fr", text: "Budget 2027"),
                    ]),
                    timeZone: "Europe/Paris",
                    phases: [
                        PhaseDefinition(
                            id: "opinions",
                            title: .byLanguage([
                                Title.LanguageText(tag: "en", text: "Your opinion")
                            ]),
                            opensAt: opens, closesAt: closes,
                            ballot: BallotRule(
                                kind: .choice, choices: ["agree", "mixed", "disagree"]),
                            results: .live,
                            proposals: [
                                ProposalDefinition(
                                    id: "p1",
                                    title: .byLanguage([
                                        Title.LanguageText(tag: "en", text: "More trees")
                                    ]))
                            ])
                    ]))
    }

    @Test("needs little")
    func minimal() throws {
        #expect(try read(#"{"phases":[]}"#).get() == ConsultationDefinition(phases: []))
        let phase = PhaseDefinition(
            id: "one", ballot: BallotRule(kind: .support), proposals: [])
        #expect(try read(body()).get() == ConsultationDefinition(phases: [phase]))
        #expect(
            try read(body(outside: #""title":"T","#)).get().title == .text("T"))
    }

    @Test("is malformed when it is not what the contract describes")
    func malformed() {
        let bodies = [
            "", "x", "[]", "{}", #"{"phases":{}}"#, #"{"phases":[],"x":1}"#,
            #"{"phases":[],"phases":[]}"#, #"{"phases":[{}]}"#, body() + "x",
            body(outside: #""title":1,"#), body(outside: #""title":null,"#),
            body(outside: #""title":{"en":1},"#), body(outside: #""title":{"en":"a","en":"b"},"#),
            body(outside: #""time_zone":1,"#), body(opens: "1"), body(closes: "null"),
            body(ballot: "{}"), body(ballot: #""support""#), body(ballot: #"{"kind":1}"#),
            body(ballot: #"{"kind":"support","x":1}"#),
            body(ballot: #"{"kind":"choice","choices":[1]}"#),
            body(ballot: #"{"kind":"choice","choices":[""]}"#),
            body(ballot: #"{"kind":"choice","choices":"a"}"#),
            body(ballot: #"{"kind":"support","max_votes":1.5}"#),
            body(ballot: #"{"kind":"support","max_votes":1e2}"#),
            body(ballot: #"{"kind":"support","max_votes":"3"}"#),
            body(ballot: #"{"kind":"support","max_votes":null}"#),
            body(ballot: #"{"kind":"support","max_votes":3,"max_votes":3}"#),
            body(ballot: #"{"kind":"budget","budget":1.0}"#),
            body(ballot: #"{"kind":"points","max_points_per_proposal":-0.5}"#),
            body(ballot: #"{"kind":"points","max_points":007}"#),
            // Malformed before it is invalid: a support ballot has no points.
            body(ballot: #"{"kind":"support","max_points":1.5}"#),
            body(proposals: "{}"), body(proposals: "[{}]"), body(proposals: #"[{"id":".."}]"#),
            body(proposals: #"[{"id":"a","x":1}]"#), body(proposals: #"[{"id":"a","cost":"1"}]"#),
            body(proposals: #"[{"id":"a\u0085"}]"#), body(extra: #""results":1,"#),
            body(extra: #""id":"two","#),
            #"{"phases":[{"id":"one","ballot":{"kind":"support"}}]}"#,
            #"{"phases":[{"id":"one","proposals":[]}]}"#,
        ]
        for body in bodies { #expect(refusal(body) == .malformed, "\(body)") }
    }

    @Test("is malformed before it is invalid")
    func malformedFirst() {
        let both = #"{"time_zone":"Mars/Phobos","phases":[{"id":"a","results":"never"}],"x":1}"#
        #expect(refusal(both) == .malformed)
    }

    @Test("is invalid when it means nothing that can be done")
    func invalid() {
        let many = (0...256).map { "\"c\($0)\"" }.joined(separator: ",")
        let bodies = [
            body(outside: #""time_zone":"Mars/Phobos","#), body(outside: #""time_zone":"","#),
            body(opens: #""tomorrow""#), body(closes: #""2026-02-30T00:00:00Z""#),
            body(opens: #""2026-02-02T00:00:00Z""#, closes: #""2026-02-01T00:00:00Z""#),
            body(opens: #""2026-02-02T00:00:00Z""#, closes: #""2026-02-02T01:00:00+01:00""#),
            body(ballot: #"{"kind":"coin"}"#), body(ballot: #"{"kind":"Support"}"#),
            body(ballot: #"{"kind":"support","choices":["a"]}"#),
            body(ballot: #"{"kind":"choice"}"#), body(ballot: #"{"kind":"choice","choices":[]}"#),
            body(ballot: #"{"kind":"choice","choices":["a","b","a"]}"#),
            body(ballot: #"{"kind":"choice","choices":[\#(many)]}"#),
            body(proposals: #"[{"id":"a"},{"id":"b"},{"id":"a"}]"#),
            body(proposals: #"[{"id":"a","cost":1}]"#),
            body(extra: #""results":"never","#), body(extra: #""results":"","#),
            #"{"phases":[{"id":"a","ballot":{"kind":"support"},"proposals":[]},"#
                + #"{"id":"a","ballot":{"kind":"support"},"proposals":[]}]}"#,
        ]
        for body in bodies { #expect(refusal(body) == .invalidDefinition, "\(body)") }
    }

    @Test(
        "gives each kind of ballot its own limits",
        arguments: [
            (#"{"kind":"support"}"#, BallotRule(kind: .support)),
            (
                #"{"kind":"support","max_votes":5,"min_votes":2}"#,
                BallotRule(kind: .support, maximumVotes: 5, minimumVotes: 2)
            ),
            (
                #"{"min_votes":3,"choices":["a"],"max_votes":3,"kind":"choice"}"#,
                BallotRule(kind: .choice, choices: ["a"], maximumVotes: 3, minimumVotes: 3)
            ),
            (#"{"kind":"budget","budget":0}"#, BallotRule(kind: .budget, budget: 0)),
            (#"{"kind":"ranking","max_votes":1}"#, BallotRule(kind: .ranking, maximumVotes: 1)),
            (#"{"kind":"points"}"#, BallotRule(kind: .points)),
            (
                #"{"kind":"points","max_votes":1,"max_points":2,"max_points_per_proposal":3}"#,
                BallotRule(
                    kind: .points, maximumVotes: 1, maximumPoints: 2, maximumPointsPerProposal: 3)
            ),
            // The ends of the ranges; absent, 0 and 1 are kept apart, although they mean the same.
            (
                #"{"kind":"support","max_votes":1000000,"min_votes":1000000}"#,
                BallotRule(kind: .support, maximumVotes: 1_000_000, minimumVotes: 1_000_000)
            ),
            (#"{"kind":"support","min_votes":0}"#, BallotRule(kind: .support, minimumVotes: 0)),
            (#"{"kind":"support","min_votes":1}"#, BallotRule(kind: .support, minimumVotes: 1)),
            (
                #"{"kind":"budget","budget":9007199254740991}"#,
                BallotRule(kind: .budget, budget: 9_007_199_254_740_991)
            ),
        ])
    func limits(ballot: String, rule: BallotRule) throws {
        #expect(try read(body(ballot: ballot)).get().phases[0].ballot == rule)
    }

    @Test(
        "names the limit that its kind does not have, lacks, or has out of range",
        arguments: [
            (#""kind":"support","max_points":5"#, "max_points"),
            (#""kind":"support","budget":5"#, "budget"),
            (#""kind":"choice","choices":["a"],"max_points_per_proposal":5"#, "max_points_per"),
            (#""kind":"budget","budget":5,"max_votes":5"#, "max_votes"),
            (#""kind":"budget","budget":5,"min_votes":0"#, "min_votes"),
            (#""kind":"budget""#, "budget"), (#""kind":"ranking""#, "max_votes"),
            (#""kind":"ranking","max_votes":5,"min_votes":1"#, "min_votes"),
            (#""kind":"ranking","max_votes":5,"max_points":1"#, "max_points"),
            (#""kind":"points","min_votes":1"#, "min_votes"),
            (#""kind":"points","budget":1"#, "budget"),
            (#""kind":"points","choices":["a"]"#, "choices"),
            (#""kind":"ranking","max_votes":3,"choices":[]"#, "choices"),
            (#""kind":"support","max_votes":0"#, "max_votes is not from 1 to 1000000"),
            (#""kind":"support","max_votes":-1"#, "max_votes"),
            (#""kind":"support","max_votes":1000001"#, "max_votes"),
            (#""kind":"support","max_votes":18446744073709551617"#, "max_votes"),
            (#""kind":"support","min_votes":-1"#, "min_votes is not from 0 to 1000000"),
            (#""kind":"support","min_votes":1000001"#, "min_votes"),
            (#""kind":"support","max_votes":2,"min_votes":3"#, "min_votes is above max_votes"),
            (#""kind":"points","max_points":0"#, "max_points"),
            (#""kind":"points","max_points_per_proposal":1000001"#, "max_points_per_proposal"),
            (#""kind":"budget","budget":-1"#, "budget is not from 0 to 9007199254740991"),
            (#""kind":"budget","budget":9007199254740992"#, "budget"),
        ])
    func limitFaults(ballot: String, detail: String) throws {
        guard case .failure(let fault) = read(body(ballot: "{\(ballot)}")) else {
            Issue.record("accepted")
            return
        }
        #expect(fault.refusal == .invalidDefinition)
        #expect(fault.detail.contains(detail), "\(fault.detail)")
        #expect(fault.detail.contains("\"one\""), "the phase is named")
    }

    @Test("wants a cost of every proposal of a budget, and of no other")
    func costs() throws {
        let budget = #"{"kind":"budget","budget":5}"#
        let proposals = #"[{"id":"a","cost":0},{"cost":9007199254740991,"id":"b"}]"#
        let phase = try read(body(ballot: budget, proposals: proposals)).get().phases[0]
        #expect(phase.proposals.map(\.cost) == [0, 9_007_199_254_740_991])
        for proposals in [
            #"[{"id":"a"}]"#, #"[{"id":"a","cost":1},{"id":"b"}]"#, #"[{"id":"a","cost":-1}]"#,
            #"[{"id":"a","cost":9007199254740992}]"#,
        ] {
            #expect(refusal(body(ballot: budget, proposals: proposals)) == .invalidDefinition)
        }
        for ballot in [#"{"kind":"points"}"#, #"{"kind":"ranking","max_votes":2}"#] {
            let costly = body(ballot: ballot, proposals: #"[{"id":"a","cost":1}]"#)
            #expect(refusal(costly) == .invalidDefinition)
        }
    }

    @Test("says when results may be read")
    func results() throws {
        func results(_ extra: String) throws -> ResultsVisibility {
            try read(body(extra: extra)).get().phases[0].results
        }
        #expect(try results("") == .live)
        #expect(try results(#""results":"live","#) == .live)
        #expect(try results(#""results":"after_close","#) == .afterClose)
    }

    @Test("has at most 524,288 counts")
    func manyCounts() throws {
        func phases(_ count: Int) -> String {
            let proposals = (0..<8_192).map { #"{"id":"p\#($0)"}"# }.joined(separator: ",")
            let phases = (0..<count).map {
                #"{"id":"\#($0)","ballot":{"kind":"points"},"proposals":[\#(proposals)]}"#
            }
            return #"{"phases":[\#(phases.joined(separator: ","))]}"#
        }
        #expect(try read(phases(32)).get().countCount == 524_288)
        #expect(refusal(phases(33)) == .invalidDefinition)
    }

    @Test("has at most 10,000 proposals a phase")
    func manyProposals() throws {
        let most = (0..<10_000).map { #"{"id":"p\#($0)"}"# }
        let full = "[\(most.joined(separator: ","))]"
        #expect(try read(body(proposals: full)).get().phases[0].proposals.count == 10_000)
        let more = "[\((most + [#"{"id":"x"}"#]).joined(separator: ","))]"
        #expect(refusal(body(proposals: more)) == .invalidDefinition)
    }

    @Test("tells identifiers apart by their bytes")
    func bytes() throws {
        let composed = body(proposals: #"[{"id":"\u00e9"},{"id":"e\u0301"}]"#)
        #expect(try read(composed).get().phases[0].proposals.count == 2)
    }

    @Test("of one proposal may repeat the id of its path")
    func proposal() {
        func read(_ body: String) -> Result<ProposalDefinition, DefinitionFault> {
            Array(body.utf8).withUnsafeBytes { DefinitionBody.proposal($0, id: "p") }
        }
        let plain = ProposalDefinition(id: "p", title: .text("T"))
        #expect(read(#"{"title":"T"}"#) == .success(plain))
        #expect(read(#"{"title":"T","id":"p"}"#) == .success(plain))
        #expect(read("{}") == .success(ProposalDefinition(id: "p")))
        #expect(read(#"{"cost":0}"#) == .success(ProposalDefinition(id: "p", cost: 0)))
        for (body, refusal) in [
            (#"{"id":"q"}"#, Refusal.invalidDefinition), (#"{"cost":-1}"#, .invalidDefinition),
            (#"{"cost":9007199254740992}"#, .invalidDefinition),
            (#"{"id":""}"#, .malformed), ("[]", .malformed), (#"{"x":1}"#, .malformed),
            (#"{"cost":1.5}"#, .malformed), ("", .malformed),
        ] {
            guard case .failure(let fault) = read(body) else {
                Issue.record("accepted: \(body)")
                continue
            }
            #expect(fault.refusal == refusal, "\(body)")
        }
    }

    static let example = """
        {
          "title": {"fr": "Budget 2027", "en": "Budget 2027"},
          "time_zone": "Europe/Paris",
          "phases": [
            {
              "id": "opinions",
              "title": {"en": "Your opinion"},
              "opens_at": "2026-11-01T08:00:00",
              "closes_at": "2026-12-01T20:00:00",
              "ballot": {"kind": "choice", "choices": ["agree", "mixed", "disagree"]},
              "results": "live",
              "proposals": [{"id": "p1", "title": {"en": "More trees"}}]
            }
          ]
        }
        """
}
