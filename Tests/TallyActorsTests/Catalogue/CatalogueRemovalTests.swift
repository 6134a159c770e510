import TallyActors
import Testing

@Suite("The catalogue: a consultation is removed")
struct CatalogueRemovalTests {
    private var driver = CatalogueDriver()

    private func text(_ seal: Seal?) -> String? {
        seal.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    @Test("only when there is one and all its phases are closed")
    mutating func refusals() {
        #expect(driver.remove().refusal == .unknownConsultation)
        _ = driver.define(.phase("a"), .phase("b", opensAt: 500))
        #expect(driver.remove().refusal == .phaseNotClosed)
        _ = driver.close("a")
        guard case .refused(.phaseNotClosed, let detail) = driver.remove() else {
            Issue.record("a scheduled phase is not over")
            return
        }
        #expect(detail.contains("phase b"))
        _ = driver.open("b")
        #expect(driver.remove().refusal == .phaseNotClosed)
        _ = driver.close("b")
        #expect(driver.position == 4)
        #expect(driver.remove() == .removed)
        #expect(driver.position == 5)
        #expect(driver.remove().refusal == .unknownConsultation)
        #expect(driver.open("a").refusal == .unknownConsultation)
        #expect(driver.catalogue.phases.map { $0?.id } == [nil, nil])
        #expect(driver.machine.nextTransition == nil)
    }

    @Test("its seals stay, also when the name is used again, and newest first")
    mutating func seals() throws {
        #expect(driver.catalogue.seal(of: "a", in: "c") == nil)
        _ = driver.define(.phase("a", proposals: ["first"]))
        #expect(driver.catalogue.seal(of: "a", in: "c") == nil)
        _ = driver.close("a")
        let first = try #require(driver.catalogue.seal(of: "a", in: "c"))
        _ = driver.remove()
        #expect(driver.catalogue.seal(of: "a", in: "c")?.digest == first.digest)
        #expect(driver.catalogue.seal(of: "b", in: "c") == nil)
        #expect(driver.catalogue.seal(of: "a", in: "d") == nil)

        #expect(driver.define(.phase("a", proposals: ["second"])) == .created)
        #expect(driver.entry("a")?.number == 1)
        #expect(driver.catalogue.seal(of: "a", in: "c")?.digest == first.digest)
        _ = driver.close("a")
        let second = try #require(driver.catalogue.seal(of: "a", in: "c"))
        #expect(text(second)?.contains("second") == true)
        for seal in [first, second] {
            #expect(
                text(driver.catalogue.seal(of: "a", in: "c", digest: seal.digest)) == text(seal))
        }
        #expect(driver.catalogue.seal(of: "a", in: "c", digest: "sha256:00") == nil)
        #expect(driver.catalogue.seal(of: "b", in: "c", digest: first.digest) == nil)
        _ = driver.remove()
        #expect(driver.catalogue.seal(of: "a", in: "c")?.digest == second.digest)
        #expect(driver.catalogue.removedSeals.map(\.seal.digest) == [first.digest, second.digest])
    }

    @Test("one that has no phase at all may go")
    mutating func empty() {
        #expect(driver.define() == .created)
        #expect(driver.remove() == .removed)
        #expect(driver.catalogue.consultations.isEmpty)
    }

    @Test("others keep their numbers and their order")
    mutating func others() {
        for name: Identifier in ["x", "y", "z"] {
            let definition = ConsultationDefinition(phases: [.phase("a")])
            _ = driver.apply(.define(consultation: name, definition: definition))
        }
        _ = driver.apply(.closePhase(consultation: "y", phase: "a"))
        #expect(driver.apply(.remove(consultation: "y")) == .removed)
        #expect(driver.catalogue.consultations.map(\.id) == ["x", "z"])
        #expect(driver.catalogue.phases.map { $0?.consultation } == ["x", nil, "z"])
        #expect(driver.catalogue.consultation(named: "z")?.phase(named: "a")?.number == 2)
    }
}
