import Gateway
import TallyActors
import Testing

@Suite("A tally whose results are withheld")
struct WithheldTallyTests {
    /// One phase that withholds its results and one that does not.
    private func stage(_ ballot: BallotRule = BallotRule(kind: .points)) -> TallyStage {
        TallyStage(
            .phase("secret", ballot, results: .afterClose, proposals: "p", "q"),
            .phase("live", BallotRule(kind: .support), proposals: "p"))
    }

    private static let scopes: [TallyScope] = [
        .phase("c", "secret"), .proposal("c", "secret", "p"), .proposal("c", "secret", "q"),
    ]

    @Test("tells what there is to vote on, and no number of votes or voters")
    func bodies() throws {
        var stage = stage()
        stage.count([41, 4_242], voters: 41)
        let position = #","sequence":2,"as_of":"1970-01-01T00:00:02.000Z""#
        let phase = """
            {"id":"secret","state":"open","withheld":true,"proposals":[{"id":"p"},{"id":"q"}]
            """
        #expect(try stage.body(.phase("c", "secret")) == "\(phase)\(position)}")
        #expect(
            try stage.body(.proposal("c", "secret", "p"))
                == #"{"id":"p","withheld":true\#(position)}"#)
        #expect(
            try stage.body(.consultation("c")) == """
                {"consultation":"c"\(position),"phases":[\(phase)},{"id":"live","state":"open",\
                "voters":0,"proposals":[{"id":"p","counts":{"support":0}}]}]}
                """)
    }

    @Test("keeps its tags while votes come and go")
    func tags() throws {
        var stage = stage()
        let all = Self.scopes + [.consultation("c")]
        let before = try all.map { try stage.tag($0) }
        #expect(Set(before).count == all.count)
        stage.count([1, 5])
        #expect(try all.map { try stage.tag($0) } == before)
        stage.count([0, 3], of: 1, voters: 0)
        #expect(try all.map { try stage.tag($0) } == before)
        stage.count([-1, -5], voters: -1)
        #expect(try all.map { try stage.tag($0) } == before)
        stage.count([1], in: 1)
        #expect(try Self.scopes.map { try stage.tag($0) } == Array(before.dropLast()))
        #expect(try stage.tag(.consultation("c")) != before.last, "the live phase was voted in")
    }

    @Test("has other tags after a change of its state or of its definition")
    func changes() throws {
        var stage = stage()
        var seen = Set([try stage.tag(.phase("c", "secret"))])
        stage.define([
            .phase(
                "secret", BallotRule(kind: .points), results: .afterClose, proposals: "p", "q", "r")
        ])
        #expect(seen.insert(try stage.tag(.phase("c", "secret"))).inserted)
        stage.define([
            .phase("secret", BallotRule(kind: .points), proposals: "p", "q", "r")
        ])
        #expect(seen.insert(try stage.tag(.phase("c", "secret"))).inserted, "live from now on")
    }

    @Test("shows everything once it is closed, to whoever reads a cut that knows it")
    func closing() throws {
        var stage = stage()
        stage.count([41, 99], voters: 41)
        let open = stage.cut
        let tags = try Self.scopes.map { try stage.tag($0) }
        let secret = try stage.body(.phase("c", "secret"))
        stage.close("secret")
        let closed = try stage.body(.phase("c", "secret"))
        #expect(closed.contains(#""voters":41,"sealed":{"#))
        #expect(closed.contains(#"[{"id":"p","counts":{"votes":41,"points":99}}"#))
        #expect(!closed.contains("withheld"))
        #expect(try stage.body(.proposal("c", "secret", "p")).contains(#""points":99"#))
        for (scope, tag) in zip(Self.scopes, tags) { #expect(try stage.tag(scope) != tag) }
        // A reader may still hold the cut from before.
        #expect(try stage.body(.phase("c", "secret"), in: open) == secret)
        #expect(try stage.body(.phase("c", "secret")) == closed)
    }

    @Test("is scheduled before it is open, and withheld then, too")
    func scheduled() throws {
        var phase = PhaseDefinition.phase(
            "secret", BallotRule(kind: .support), results: .afterClose, proposals: "p")
        phase.opensAt = ScheduledTime(text: "", instant: Instant(milliseconds: 1_000_000))
        var stage = TallyStage(phase)
        let tag = try stage.tag(.phase("c", "secret"))
        #expect(try stage.body(.phase("c", "secret")).contains(#""scheduled","withheld":true"#))
        stage.apply(.openPhase(consultation: "c", phase: "secret"))
        #expect(try stage.tag(.phase("c", "secret")) != tag)
    }

    @Test("shows everything to whoever may see it, under tags of its own")
    func shown() throws {
        var stage = stage()
        stage.count([41, 99], voters: 41)
        func answer(_ scope: TallyScope) throws -> TallyAnswer {
            try stage.answer(scope, showsWithheld: true)
        }
        let shown = String(buffer: stage.renderings.body(of: try answer(.phase("c", "secret"))))
        #expect(shown.contains(#""voters":41,"#) && !shown.contains("withheld"))
        #expect(shown.contains(#"{"id":"p","counts":{"votes":41,"points":99}}"#))
        let withheld = try stage.body(.phase("c", "secret"))
        #expect(withheld.contains("withheld") && !withheld.contains("counts"))
        // In turns, at one cut: neither is ever answered with the other's bytes.
        #expect(
            String(buffer: stage.renderings.body(of: try answer(.phase("c", "secret")))) == shown)
        #expect(try stage.body(.phase("c", "secret")) == withheld)
        for scope in Self.scopes + [.consultation("c")] {
            #expect(try answer(scope).tag != stage.tag(scope))
        }
        #expect(try answer(.phase("c", "live")).tag == stage.tag(.phase("c", "live")))
        let before = try answer(.phase("c", "secret")).tag
        stage.count([1, 1])
        #expect(try answer(.phase("c", "secret")).tag != before)
    }
}
