import Persistence
import TallyActors
import Testing

/// A service and the naive model, driven through one random history; every step compares them.
struct RandomHistory {
    static let accounts = 40

    var random: SeededRandom
    var storage = MemoryStorage()
    let clock = TestClock()
    var service: TallyService
    var model = NaiveModel()
    var connections = [Connection(), Connection(), Connection()]
    let numbers: [AccountKey: Int]
    var nextName = 0
    /// Votes of a removed consultation may still lie in memory: the figures may include them.
    var isSweeping = false

    init(seed: UInt64) async throws {
        random = SeededRandom(seed: seed)
        service = try await TallyService.start(storage, clock)
        model.now = clock.read().wall.milliseconds
        numbers = Dictionary(
            uniqueKeysWithValues: (0..<Self.accounts).map { (AccountKey.numbered($0), $0) })
    }

    mutating func run(rounds: Int) async throws {
        await addPhase()
        for _ in 0..<rounds {
            switch random.int(0..<24) {
            case 0, 1: await addPhase()
            case 2...6: await changePhase()
            case 7: await moveByHand()
            case 8, 9: await passTime()
            case 10: #expect(await service.snapshot() == .success(model.position))
            case 11: try await restart()
            case 12: try await removeConsultation()
            default: await vote()
            }
            await compare()
        }
        let report = try await DataVerification.run(copyOf: storage, shards: 1 + random.int(0..<9))
        #expect(report.votes == model.voteCount)
        #expect(report.accounts == model.votes.count)
        #expect(report.deletedAccounts == model.deleted.count)
        await service.shutdown()
    }

    // MARK: - Comparing

    private mutating func compare() async {
        let cut = await service.cut()
        #expect(cut.sequence == model.position)
        #expect(service.status.position == model.position)
        #expect(cut.catalogue === service.catalogue)
        #expect(cut.catalogue.phases.count == model.phases.count)
        for number in model.phases.indices { compare(number, in: cut) }
        compareSeals(cut.catalogue)
        for _ in 0..<3 {
            let account = random.int(0..<Self.accounts)
            let held = await service.votes(of: .numbered(account))
            #expect(held.sequence == model.position)
            #expect(held.isDeleted == model.deleted.contains(account))
            #expect(held.votes == model.words(account) ?? [])
        }
        await compareFigures()
        for connection in connections { #expect(connection.isInOrder) }
    }

    private func compare(_ number: Int, in cut: Cut) {
        guard let expected = model.phases[number], let entry = cut.catalogue.phase(UInt32(number))
        else {
            #expect(model.phases[number] == nil && cut.catalogue.phase(UInt32(number)) == nil)
            return
        }
        #expect(entry.definition == expected.definition)
        #expect(entry.state == expected.state)
        #expect(entry.definition.ballot.options == expected.optionNames)
        #expect(entry.proposalIndices.map { $0 != nil } == expected.proposals.map { $0 != nil })
        let phase = cut.phase(UInt32(number))
        #expect(phase.voters == model.voters(number))
        var counts: [[UInt32]: Int64] = [:]
        for proposal in 0..<UInt32(expected.proposals.count) {
            for option in 0..<expected.optionNames.count {
                let count = phase.counts(of: proposal)[option]
                if count != 0 { counts[[proposal, UInt32(option)]] = count }
            }
        }
        #expect(counts == model.counts(number))
    }

    private func compareSeals(_ catalogue: Catalogue) {
        let present = model.phases.compactMap { $0 }.map { ($0.consultation, $0.id) }
        for (consultation, phase) in present + model.removedSeals.map({ ($0.0, $0.1) }) {
            let seals = model.seals(of: phase, in: consultation)
            let newest = catalogue.seal(of: phase, in: consultation)
            #expect(newest.map { String(decoding: $0.bytes, as: UTF8.self) } == seals.first?.json)
            #expect(newest?.at.milliseconds == seals.first?.at)
            for seal in seals {
                let digest = Seal(at: .at(0), bytes: Array(seal.json.utf8)).digest
                let found = catalogue.seal(of: phase, in: consultation, digest: digest)
                #expect(found.map { String(decoding: $0.bytes, as: UTF8.self) } == seal.json)
            }
        }
    }

    private mutating func compareFigures() async {
        // Most comparisons after a removal come while its votes are still swept away.
        if isSweeping, !random.oneIn(4) { return }
        for _ in 0..<2_000 where isSweeping && service.status.ballots.votes != model.voteCount {
            try? await Task.sleep(for: .milliseconds(1))
        }
        isSweeping = false
        let status = service.status.ballots
        #expect(status.votes == model.voteCount)
        #expect(status.accounts == model.votes.count)
        #expect(status.tombstones == model.deleted.count)
    }
}
