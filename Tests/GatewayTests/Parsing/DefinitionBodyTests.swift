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
            body(ballot: #"{"kind":"coin"}"#), body(ballot: #"{"kind":"budget","budget":5}"#),
            body(ballot: #"{"kind":"ranking","max_votes":3}"#), body(ballot: #"{"kind":"points"}"#),
            body(ballot: #"{"kind":"support","max_votes":3}"#),
            body(ballot: #"{"kind":"support","min_votes":3}"#),
            body(ballot: #"{"kind":"support","choices":["a"]}"#),
            body(ballot: #"{"kind":"choice"}"#), body(ballot: #"{"kind":"choice","choices":[]}"#),
            body(ballot: #"{"kind":"choice","choices":["a","b","a"]}"#),
            body(ballot: #"{"kind":"choice","choices":[\#(many)]}"#),
            body(proposals: #"[{"id":"a"},{"id":"b"},{"id":"a"}]"#),
            body(proposals: #"[{"id":"a","cost":1}]"#),
            body(extra: #""results":"after_close","#), body(extra: #""results":"never","#),
            #"{"phases":[{"id":"a","ballot":{"kind":"support"},"proposals":[]},"#
                + #"{"id":"a","ballot":{"kind":"support"},"proposals":[]}]}"#,
        ]
        for body in bodies { #expect(refusal(body) == .invalidDefinition, "\(body)") }
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
        for (body, refusal) in [
            (#"{"id":"q"}"#, Refusal.invalidDefinition), (#"{"cost":5}"#, .invalidDefinition),
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
