import Gateway
import TallyActors
import Testing

@Suite("Looking for a seal")
struct SealSearchTests {
    private let phase = PhaseDefinition.phase("ph", BallotRule(kind: .support), proposals: "p")

    private func find(
        _ stage: TallyStage, _ phase: Identifier = "ph", in consultation: Identifier = "c",
        digest: String? = nil
    ) -> Result<Seal, SealSearch.Failure> {
        SealSearch.find(
            in: stage.catalogue, consultation: consultation, phase: phase, digest: digest)
    }

    private func refusal(_ result: Result<Seal, SealSearch.Failure>) -> Refusal? {
        guard case .failure(let failure) = result else { return nil }
        return failure.refusal
    }

    @Test("finds none before the phase closes")
    func open() throws {
        let stage = TallyStage(phase)
        #expect(refusal(find(stage)) == .notFound)
        guard case .failure(let failure) = find(stage) else { return }
        #expect(failure.detail == "The phase is open: it gets its seal when it closes.")
        #expect(refusal(find(stage, digest: "sha256:00")) == .notFound)
        #expect(refusal(find(stage, "no-such")) == .unknownPhase)
        #expect(refusal(find(stage, in: "no-such")) == .unknownConsultation)
    }

    @Test("finds the counts of the closing, by name and by digest")
    func closed() throws {
        var stage = TallyStage(phase)
        stage.count([3], voters: 3)
        stage.close("ph")
        let seal = try find(stage).get()
        #expect(
            String(decoding: seal.bytes, as: UTF8.self) == """
                {"consultation":"c","kind":"support","phase":"ph",\
                "proposals":[{"counts":{"support":3},"id":"p"}],"voters":3}
                """)
        #expect(try find(stage, digest: seal.digest).get() === seal)
        #expect(refusal(find(stage, digest: "sha256:00")) == .notFound)
        #expect(refusal(find(stage, digest: "")) == .notFound)
    }

    @Test("finds those of a removed consultation, also when its name is used again")
    func removed() throws {
        var stage = TallyStage(phase)
        stage.count([3], voters: 3)
        stage.close("ph")
        let first = try find(stage).get()
        #expect(stage.apply(.remove(consultation: "c")) == .removed)
        #expect(try find(stage).get().digest == first.digest)
        #expect(refusal(find(stage, digest: "sha256:00")) == .notFound)
        #expect(refusal(find(stage, "no-such")) == .unknownConsultation)
        stage.define([phase])
        #expect(try find(stage).get().digest == first.digest)
        #expect(refusal(find(stage, "no-such")) == .unknownPhase)
        stage.close("ph")
        let second = try find(stage).get()
        #expect(second.digest != first.digest)
        #expect(try find(stage, digest: first.digest).get().digest == first.digest)
        #expect(try find(stage, digest: second.digest).get() === second)
    }
}
