import TallyActors
import Testing

@Suite("The binary form of the catalogue")
struct CatalogueCodecTests {
    @Test("comes back as it was, and not from any part of itself", arguments: UInt64(1)...40)
    func commands(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let command = Self.command(&random)
        var writer = ByteWriter()
        writer.command(command)
        let read = try writer.bytes.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            let command = try reader.command()
            #expect(reader.isAtEnd)
            return command
        }
        #expect(read == command)
        writer.bytes.withUnsafeBytes { bytes in
            for count in 0..<bytes.count {
                #expect(throws: ByteReader.Malformed.self) {
                    var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
                    _ = try reader.command()
                }
            }
        }
    }

    @Test("never reads beyond damaged bytes", arguments: UInt64(1)...10)
    func damage(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var writer = ByteWriter()
        writer.command(Self.command(&random))
        for offset in writer.bytes.indices {
            var bytes = writer.bytes
            bytes[offset] ^= UInt8(1 << random.int(0..<8))
            bytes.withUnsafeBytes { bytes in
                var reader = ByteReader(bytes)
                _ = try? reader.command()
            }
        }
    }

    @Test("keeps a whole catalogue: states, numbers, and what was removed")
    func catalogue() throws {
        var driver = CatalogueDriver()
        driver.now = 50
        _ = driver.define(
            .phase("a", ballot: .choice("yes", "no")), .phase("gone"),
            .phase("b", opensAt: 900, closesAt: 1000))
        _ = driver.define(
            .phase("b", opensAt: 900, closesAt: 1000),
            .phase("a", ballot: .choice("maybe", "no"), proposals: ["p2", "p9"]), title: "T")
        _ = driver.close("a")
        for _ in 0..<2 {
            let definition = ConsultationDefinition(
                phases: [.budget("points", of: 9, costs: 1, 2), .phase("b", ballot: .points())])
            _ = driver.apply(.define(consultation: "gone", definition: definition))
            for closed: Identifier in ["points", "b"] {
                driver.now += 1
                _ = driver.apply(.closePhase(consultation: "gone", phase: closed))
            }
            _ = driver.apply(.remove(consultation: "gone"))
        }
        var writer = ByteWriter()
        writer.catalogue(driver.catalogue)
        let read = try writer.bytes.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            let catalogue = try reader.catalogue()
            #expect(reader.isAtEnd)
            return catalogue
        }
        #expect(read.sequence == 11)
        #expect(read.phases.map { $0?.id } == ["a", nil, "b", nil, nil, nil, nil])
        #expect(read.removedSeals.map(\.consultation) == ["gone", "gone", "gone", "gone"])
        #expect(read.removedSeals.map(\.phase) == ["points", "b", "points", "b"])
        #expect(read.removedSeals.map(\.seal.at) == [.at(51), .at(52), .at(53), .at(54)])
        #expect(
            read.removedSeals.map(\.seal.bytes)
                == driver.catalogue.removedSeals.map(\.seal.bytes))
        #expect(
            read.consultation(named: "c")?.definition
                == driver.catalogue.consultation(named: "c")?.definition)
        for (left, right) in zip(read.phases, driver.catalogue.phases) {
            #expect(left?.state == right?.state)
            #expect(left?.seal?.at == right?.seal?.at)
            #expect(left?.seal?.bytes == right?.seal?.bytes)
            #expect(left?.seal?.digest == right?.seal?.digest)
            #expect(left?.proposalIndices == right?.proposalIndices)
            #expect(left?.proposalNumbers == right?.proposalNumbers)
            #expect(left?.choiceNumbers == right?.choiceNumbers)
            #expect(left?.optionOfChoice == right?.optionOfChoice)
            #expect(left?.identity == right?.identity)
        }
        var again = ByteWriter()
        again.catalogue(read)
        #expect(again.bytes == writer.bytes)
        writer.bytes.withUnsafeBytes { bytes in
            for count in 0..<bytes.count {
                #expect(throws: ByteReader.Malformed.self) {
                    var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
                    _ = try reader.catalogue()
                }
            }
        }
    }

    // MARK: - Random commands

    private static func command(_ random: inout SeededRandom) -> CatalogueCommand {
        let consultation = identifier(&random)
        let phase = identifier(&random)
        switch random.int(0..<8) {
        case 0: return .openPhase(consultation: consultation, phase: phase)
        case 1: return .closePhase(consultation: consultation, phase: phase)
        case 2: return .remove(consultation: consultation)
        case 3:
            return .putProposal(
                consultation: consultation, phase: phase, proposal: proposal(&random))
        default:
            return .define(
                consultation: consultation,
                definition: ConsultationDefinition(
                    title: title(&random), timeZone: random.oneIn(2) ? "Europe/Paris" : nil,
                    phases: list(&random) { phaseDefinition(&$0) }))
        }
    }

    private static func phaseDefinition(_ random: inout SeededRandom) -> PhaseDefinition {
        PhaseDefinition(
            id: identifier(&random), title: title(&random), opensAt: time(&random),
            closesAt: time(&random),
            ballot: ballot(&random),
            results: random.oneIn(2) ? .live : .afterClose,
            proposals: list(&random) { proposal(&$0) })
    }

    private static func ballot(_ random: inout SeededRandom) -> BallotRule {
        func limit() -> UInt32? {
            random.oneIn(2) ? UInt32(truncatingIfNeeded: random.next()) : nil
        }
        return BallotRule(
            kind: BallotKind.allCases.randomElement(using: &random)!,
            choices: list(&random) { identifier(&$0) }, maximumVotes: limit(),
            minimumVotes: limit(), budget: random.oneIn(2) ? random.next() : nil,
            maximumPoints: limit(), maximumPointsPerProposal: limit())
    }

    private static func proposal(_ random: inout SeededRandom) -> ProposalDefinition {
        ProposalDefinition(
            id: identifier(&random), title: title(&random),
            cost: random.oneIn(2) ? random.next() : nil)
    }

    private static func title(_ random: inout SeededRandom) -> Title? {
        switch random.int(0..<3) {
        case 0: nil
        case 1: .text("Żółć \(random.next())")
        default:
            .byLanguage(
                list(&random) { Title.LanguageText(tag: "l\($0.int(0..<9))", text: "é\u{0}") })
        }
    }

    private static func time(_ random: inout SeededRandom) -> ScheduledTime? {
        if random.oneIn(2) { return nil }
        return ScheduledTime(
            text: "2026-11-01T08:00:00",
            instant: .at(Int64(truncatingIfNeeded: random.next())))
    }

    private static func identifier(_ random: inout SeededRandom) -> Identifier {
        let count = random.oneIn(4) ? Identifier.maximumLength : random.int(1..<9)
        return Identifier(validated: (0..<count).map { _ in UInt8(random.int(0x20..<0x7F)) })
    }

    private static func list<Value>(
        _ random: inout SeededRandom, _ body: (inout SeededRandom) -> Value
    ) -> [Value] {
        (0..<random.int(0..<4)).map { _ in body(&random) }
    }
}
