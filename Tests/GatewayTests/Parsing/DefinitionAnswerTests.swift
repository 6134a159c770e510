import Gateway
import NIOCore
import TallyActors
import Testing

@Suite("What is defined, as clients read it")
struct DefinitionAnswerTests {
    private func machine(
        _ body: String, at milliseconds: Int64 = 0
    ) throws -> CatalogueMachine {
        let definition = try Array(body.utf8).withUnsafeBytes { DefinitionBody.consultation($0) }
            .get()
        var machine = CatalogueMachine()
        _ = machine.apply(
            .define(consultation: "budget/2027", definition: definition), sequence: 1,
            at: Instant(milliseconds: milliseconds), locks: VoteLocks(), cut: Self.noVotes)
        return machine
    }

    private static func noVotes() -> Cut {
        Cut(sequence: 0, asOf: Instant(milliseconds: 0), catalogue: .empty, phases: [])
    }

    private func entry(in machine: CatalogueMachine) -> ConsultationEntry {
        machine.catalogue.consultations[0]
    }

    @Test("is the definition with the states and instants of its phases")
    func answer() throws {
        var buffer = ByteBuffer()
        DefinitionAnswer.write(
            entry(in: try machine(DefinitionBodyTests.example)), into: &buffer)
        #expect(
            String(buffer: buffer) == """
                {"title":{"en":"Budget 2027","fr":"Budget 2027"},"time_zone":"Europe/Paris",\
                "phases":[{"id":"opinions","title":{"en":"Your opinion"},"state":"scheduled",\
                "opens_at":"2026-11-01T08:00:00","opens_at_instant":"2026-11-01T07:00:00.000Z",\
                "closes_at":"2026-12-01T20:00:00","closes_at_instant":"2026-12-01T19:00:00.000Z",\
                "ballot":{"kind":"choice","choices":["agree","mixed","disagree"]},\
                "results":"live","proposals":[{"id":"p1","title":{"en":"More trees"}}]}]}
                """)
    }

    @Test(
        "gives back every rule as it was put",
        arguments: [
            #""ballot":{"kind":"support","max_votes":5,"min_votes":0}"#,
            #""ballot":{"kind":"choice","choices":["b","a"],"max_votes":2,"min_votes":1}"#,
            #""ballot":{"kind":"ranking","max_votes":1000000}"#, #""ballot":{"kind":"points"}"#,
            """
            "ballot":{"kind":"points","max_votes":3,"max_points":10,"max_points_per_proposal":4}
            """,
        ])
    func rules(ballot: String) throws {
        for results in ["live", "after_close"] {
            let rest = #""results":"\#(results)","proposals":[{"id":"p","title":"P"}]}]}"#
            var buffer = ByteBuffer()
            let put = #"{"phases":[{"id":"a",\#(ballot),\#(rest)"#
            DefinitionAnswer.write(entry(in: try machine(put)), into: &buffer)
            let given = #"{"phases":[{"id":"a","state":"open",\#(ballot),\#(rest)"#
            #expect(String(buffer: buffer) == given)
        }
    }

    @Test("gives back budgets and costs")
    func costs() throws {
        let rest = """
            "ballot":{"kind":"budget","budget":9007199254740991},"results":"live",\
            "proposals":[{"id":"p","title":"P","cost":0},{"id":"q","cost":9007199254740991}]}]}
            """
        var buffer = ByteBuffer()
        let put = #"{"phases":[{"id":"a",\#(rest)"#
        DefinitionAnswer.write(entry(in: try machine(put)), into: &buffer)
        #expect(String(buffer: buffer) == #"{"phases":[{"id":"a","state":"open",\#(rest)"#)
        let proposal = DefinitionAnswer.json(of: ProposalDefinition(id: "p", cost: 12))
        #expect(String(buffer: proposal) == #"{"id":"p","cost":12}"#)
    }

    @Test("has another tag under another limit, cost or visibility")
    func ruleTags() throws {
        let bodies = [
            #""ballot":{"kind":"budget","budget":5},"proposals":[{"id":"p","cost":1}]"#,
            #""ballot":{"kind":"budget","budget":6},"proposals":[{"id":"p","cost":1}]"#,
            #""ballot":{"kind":"budget","budget":5},"proposals":[{"id":"p","cost":2}]"#,
            #""ballot":{"kind":"support"},"proposals":[{"id":"p"}]"#,
            #""ballot":{"kind":"support","max_votes":1},"proposals":[{"id":"p"}]"#,
            #""ballot":{"kind":"support","min_votes":1},"proposals":[{"id":"p"}]"#,
            #""ballot":{"kind":"points","max_votes":1},"proposals":[{"id":"p"}]"#,
            #""ballot":{"kind":"points","max_points":1},"proposals":[{"id":"p"}]"#,
            #""ballot":{"kind":"points","max_points_per_proposal":1},"proposals":[{"id":"p"}]"#,
            #""results":"after_close","ballot":{"kind":"support"},"proposals":[{"id":"p"}]"#,
        ]
        let tags = try bodies.map { body in
            DefinitionAnswer.entityTag(
                of: entry(in: try machine(#"{"phases":[{"id":"a",\#(body)}]}"#)))
        }
        #expect(Set(tags).count == bodies.count)
    }

    @Test("leaves out what was not defined")
    func minimal() throws {
        let body = #"{"phases":[{"id":"a","ballot":{"kind":"support"},"proposals":[]}]}"#
        var buffer = ByteBuffer()
        DefinitionAnswer.write(entry(in: try machine(body)), into: &buffer)
        #expect(
            String(buffer: buffer) == """
                {"phases":[{"id":"a","state":"open","ballot":{"kind":"support"},\
                "results":"live","proposals":[]}]}
                """)
    }

    @Test("is listed with ids and titles")
    func list() throws {
        var buffer = ByteBuffer()
        DefinitionAnswer.writeList(of: .empty, into: &buffer)
        #expect(String(buffer: buffer) == #"{"consultations":[]}"#)
        buffer.clear()
        let catalogue = try machine(#"{"title":"Budget","phases":[]}"#).catalogue
        DefinitionAnswer.writeList(of: catalogue, into: &buffer)
        #expect(
            String(buffer: buffer)
                == #"{"consultations":[{"id":"budget/2027","title":"Budget"}]}"#)
    }

    @Test("has a strong tag that states leave alone and everything defined changes")
    func entityTag() throws {
        var open = try machine(DefinitionBodyTests.example)
        let tag = DefinitionAnswer.entityTag(of: entry(in: open))
        #expect(tag.count == 34 && tag.hasPrefix("\"") && tag.hasSuffix("\""))
        _ = open.apply(
            .openPhase(consultation: "budget/2027", phase: "opinions"), sequence: 2,
            at: Instant(milliseconds: 5), locks: VoteLocks(), cut: Self.noVotes)
        #expect(entry(in: open).phases[0].state == .open)
        #expect(DefinitionAnswer.entityTag(of: entry(in: open)) == tag)
        for (part, other) in [
            ("More trees", "More bees"), ("Budget 2027", "Budget 2028"), ("mixed", "unsure"),
            ("T20:00", "T21:00"), ("Europe/Paris", "Europe/Berlin"), ("p1", "p2"),
        ] {
            let changed = DefinitionBodyTests.example.replacing(part, with: other)
            #expect(DefinitionAnswer.entityTag(of: entry(in: try machine(changed))) != tag)
        }
        _ = open.apply(
            .putProposal(
                consultation: "budget/2027", phase: "opinions",
                proposal: ProposalDefinition(id: "p2")),
            sequence: 3, at: Instant(milliseconds: 6), locks: VoteLocks(), cut: Self.noVotes)
        #expect(DefinitionAnswer.entityTag(of: entry(in: open)) != tag)
    }
}
