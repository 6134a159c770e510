import Gateway
import NIOCore
import TallyActors
import Testing

@Suite("Personal data")
struct PersonalDataTests {
    /// A phase of each kind; `pending` needs two votes; two names that CSV must quote.
    private static let catalogue: Catalogue = {
        let proposals: [ProposalDefinition] = [.init(id: "p1"), .init(id: "a,\"b\"")]
        let costly = proposals.map { ProposalDefinition(id: $0.id, cost: 1) }
        func phase(
            _ id: Identifier, _ ballot: BallotRule, _ proposals: [ProposalDefinition]
        ) -> PhaseDefinition {
            PhaseDefinition(id: id, ballot: ballot, proposals: proposals)
        }
        let definition = ConsultationDefinition(phases: [
            phase("s", BallotRule(kind: .support), proposals),
            phase("c", BallotRule(kind: .choice, choices: ["yes", "n,o"]), proposals),
            phase("b", BallotRule(kind: .budget, budget: 9), costly),
            phase("r", BallotRule(kind: .ranking, maximumVotes: 3), proposals),
            phase("pending", BallotRule(kind: .points, minimumVotes: 2), proposals),
        ])
        var machine = CatalogueMachine()
        let outcome = machine.apply(
            .define(consultation: "x", definition: definition), sequence: 1,
            at: Instant(milliseconds: 1_000), locks: VoteLocks(),
            cut: { preconditionFailure("nothing is closed") })
        precondition(outcome.outcome == .created)
        return machine.catalogue
    }()

    private func data(_ votes: [(phase: Int, proposal: UInt32, value: UInt32)]) -> PersonalData {
        let phases = Self.catalogue.consultation(named: "x")!.phases
        // Past the phases there are: one that was removed.
        let words = votes.map { vote in
            VoteWord(
                phase: vote.phase < phases.count ? phases[vote.phase].number : 1_000,
                proposal: vote.proposal, value: vote.value)
        }
        return PersonalData(
            of: "me", sequence: 7, votes: words.sorted { $0.raw < $1.raw }, Self.catalogue)
    }

    private func text(_ buffer: ByteBuffer) -> String { String(buffer: buffer) }

    @Test("says of every vote what it carries and whether it counts")
    func json() {
        let some = data([
            (0, 0, 0), (1, 0, 0), (2, 1, 0), (3, 0, 2), (4, 1, 12), (5, 0, 0),
        ])
        let place = #""consultation":"x","phase":"#
        #expect(
            text(some.json()) == #"{"account":"me","sequence":7,"votes":["#
                + #"{\#(place)"s","proposal":"p1","counted":true},"#
                + #"{\#(place)"c","proposal":"p1","choice":"yes","counted":true},"#
                + #"{\#(place)"b","proposal":"a,\"b\"","counted":true},"#
                + #"{\#(place)"r","proposal":"p1","rank":2,"counted":true},"#
                + #"{\#(place)"pending","proposal":"a,\"b\"","points":12,"counted":false}]}"#)
        #expect(text(data([]).json()) == #"{"account":"me","sequence":7,"votes":[]}"#)
    }

    @Test("counts the votes of each phase on their own")
    func minimum() {
        let reached = data([(3, 0, 1), (4, 0, 3), (4, 1, 4)])
        #expect(!text(reached.json()).contains("false"))
        let below = data([(3, 0, 1), (4, 0, 3), (5, 0, 3), (5, 1, 3)])
        #expect(text(below.json()).contains(#""points":3,"counted":false}]}"#))
    }

    @Test("is rows of CSV, too")
    func csv() {
        let some = data([
            (0, 0, 0), (1, 0, 0), (1, 1, 1), (2, 1, 0), (3, 0, 2), (4, 1, 12), (5, 0, 0),
        ])
        #expect(
            text(some.csv()).split(separator: "\r\n", omittingEmptySubsequences: false) == [
                "consultation,phase,proposal,value,counted",
                "x,s,p1,,true",
                "x,c,p1,yes,true",
                #"x,c,"a,""b""","n,o",true"#,
                #"x,b,"a,""b""",,true"#,
                "x,r,p1,2,true",
                #"x,pending,"a,""b""",12,false"#,
                "",
            ])
        #expect(text(data([]).csv()) == "consultation,phase,proposal,value,counted\r\n")
    }
}
