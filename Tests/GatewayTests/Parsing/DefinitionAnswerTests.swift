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
            at: Instant(milliseconds: milliseconds), locks: VoteLocks())
        return machine
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
            at: Instant(milliseconds: 5), locks: VoteLocks())
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
            sequence: 3, at: Instant(milliseconds: 6), locks: VoteLocks())
        #expect(DefinitionAnswer.entityTag(of: entry(in: open)) != tag)
    }
}
