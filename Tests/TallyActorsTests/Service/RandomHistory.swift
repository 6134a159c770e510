import Persistence
import TallyActors
import Testing

/// A service and the naive model, driven through one random history; every step compares them.
struct RandomHistory {
    static let accounts = 40

    private var random: SeededRandom
    private var storage = MemoryStorage()
    private let clock = TestClock()
    private var service: TallyService
    private var model = NaiveModel()
    private var connections = [Connection(), Connection(), Connection()]
    private let numbers: [AccountKey: Int]
    private var nextName = 0

    init(seed: UInt64) async throws {
        random = SeededRandom(seed: seed)
        service = try await TallyService.start(storage, clock)
        numbers = Dictionary(
            uniqueKeysWithValues: (0..<Self.accounts).map { (AccountKey.numbered($0), $0) })
    }

    mutating func run(rounds: Int) async throws {
        await addPhase()
        for _ in 0..<rounds {
            switch random.int(0..<20) {
            case 0: await addPhase()
            case 1, 2: await changePhase()
            case 3: await moveByHand()
            case 4, 5: await passTime()
            case 6: #expect(await service.snapshot() == .success(model.position))
            case 7: try await restart()
            default: await vote()
            }
            await compare()
        }
        let report = try await DataVerification.run(copyOf: storage, shards: 1 + random.int(0..<9))
        #expect(report.votes == model.votes.values.reduce(0) { $0 + $1.count })
        #expect(report.accounts == model.votes.count)
        #expect(report.deletedAccounts == model.deleted.count)
        await service.shutdown()
    }

    // MARK: - Votes

    private mutating func command() -> Command {
        let account = AccountKey.numbered(random.int(0..<Self.accounts))
        let phase = UInt32(random.int(0..<model.phases.count + (random.oneIn(30) ? 1 : 0)))
        let proposals = phase < model.phases.count ? model.phases[Int(phase)].proposals.count : 1
        let proposal = UInt32(random.int(0..<proposals + 1))
        switch random.int(0..<100) {
        case 0..<3: return .delete(account)
        case 3..<25: return .withdraw(account, phase: phase, proposal: proposal)
        case 25: return Command(account: account, word: random.next() | 0xF)
        default:
            let isSupport =
                phase < model.phases.count && model.phases[Int(phase)].choices == nil
            let value = isSupport && !random.oneIn(20) ? 0 : UInt32(random.int(0..<4))
            return .cast(account, phase: phase, proposal: proposal, value: value)
        }
    }

    /// Several batches of several connections at once, some of them empty.
    private mutating func submitBatches() -> [CommandBatch] {
        var submitted: [CommandBatch] = []
        for _ in 0..<random.int(1..<12) {
            let connection = connections[random.int(0..<connections.count)]
            let count = random.oneIn(6) ? 0 : random.int(0..<60)
            let commands = (0..<count).map { _ in command() }
            connection.submit(commands, to: service)
            submitted.append(connection.batches.last!)
        }
        return submitted
    }

    private mutating func vote() async {
        let batches = submitBatches()
        for connection in connections { await connection.settle() }
        for batch in batches {
            #expect(batch.refusal == nil)
            if batch.count > 0 { #expect(batch.firstSequence == model.position + 1) }
            let expected = batch.commands.map { model.apply($0, account: numbers[$0.account]!) }
            #expect(batch.outcomes == expected)
            #expect(batch.appliedSequence >= model.position)
        }
    }

    // MARK: - Definitions and time

    private mutating func name() -> Identifier {
        nextName += 1
        return Identifier(validated: "n\(nextName)".utf8)
    }

    private func definition(_ phases: [NaiveModel.Phase]) -> CatalogueCommand {
        .define(
            consultation: "c",
            definition: ConsultationDefinition(phases: phases.map(\.definition)))
    }

    /// Performs, and counts the number that the command takes when it changes something.
    private mutating func expect(
        _ command: CatalogueCommand, _ expected: CatalogueOutcome, changes: Bool
    ) async {
        if changes { model.position += 1 }
        let (outcome, sequence) = await service.perform(command)
        if case .refused(let refusal, _) = expected {
            #expect(outcome.refusal == refusal)
        } else {
            #expect(outcome == expected)
        }
        #expect(sequence == model.position)
    }

    private mutating func addPhase() async {
        let now = clock.read().wall.milliseconds
        let choices: [Identifier]? =
            random.oneIn(3)
            ? nil : (0..<random.int(1..<4)).map { Identifier(validated: "c\($0)".utf8) }
        var phase = NaiveModel.Phase(
            id: name(), state: .open, opensAt: nil, closesAt: nil, choices: choices,
            choiceNumbers: choices ?? [], proposals: [])
        for _ in 0..<random.int(1..<6) { phase.proposals.append(name()) }
        if random.oneIn(2) { phase.opensAt = now + Int64(random.int(-20..<60)) }
        if random.oneIn(2) { phase.closesAt = now + Int64(random.int(60..<200)) }
        if let start = phase.opensAt, start > now { phase.state = .scheduled }
        let isFirst = model.phases.isEmpty
        model.phases.append(phase)
        await expect(definition(model.phases), isFirst ? .created : .updated, changes: true)
    }

    private mutating func changePhase() async {
        let number = random.int(0..<model.phases.count)
        var phases = model.phases
        var locked = false
        switch random.int(0..<4) {
        case 0:
            let isNew = phases[number].state != .closed
            let proposal = ProposalDefinition(id: name())
            let command = CatalogueCommand.putProposal(
                consultation: "c", phase: phases[number].id, proposal: proposal)
            if isNew { model.phases[number].proposals.append(proposal.id) }
            return await expect(
                command, isNew ? .created : .refused(.phaseClosed, detail: ""), changes: isNew)
        case 1:
            let proposal = random.int(0..<phases[number].proposals.count)
            guard phases[number].proposals[proposal] != nil else { return }
            phases[number].proposals[proposal] = nil
            locked = phases[number].locked.contains(UInt32(proposal))
        case 2:
            guard let choices = phases[number].choices else { return }
            let choice = name()
            phases[number].choices = choices + [choice]
            phases[number].choiceNumbers.append(choice)
            locked = !phases[number].locked.isEmpty
        default:
            return await expect(definition(phases), .updated, changes: false)
        }
        let isClosed = phases[number].state == .closed
        if !isClosed && !locked { model.phases = phases }
        let refusal: Refusal = isClosed ? .phaseClosed : .rulesLocked
        await expect(
            definition(phases), isClosed || locked ? .refused(refusal, detail: "") : .updated,
            changes: !isClosed && !locked)
    }

    private mutating func moveByHand() async {
        let number = random.int(0..<model.phases.count)
        let phase = model.phases[number]
        if random.oneIn(2) {
            let command = CatalogueCommand.openPhase(consultation: "c", phase: phase.id)
            if phase.state == .closed {
                return await expect(command, .refused(.phaseClosed, detail: ""), changes: false)
            }
            model.phases[number].state = .open
            await expect(command, .state(.open), changes: phase.state == .scheduled)
        } else {
            let command = CatalogueCommand.closePhase(consultation: "c", phase: phase.id)
            if phase.state == .scheduled {
                return await expect(command, .refused(.phaseNotOpen, detail: ""), changes: false)
            }
            model.phases[number].state = .closed
            await expect(command, .state(.closed), changes: phase.state == .open)
        }
    }

    private mutating func passTime() async {
        clock.advance(by: Int64(random.int(0..<80)))
        model.passTime(to: clock.read().wall.milliseconds)
        // An empty batch takes its turn behind whatever has become due.
        let batch = await connections[0].run([], on: service)
        #expect(batch.appliedSequence == model.position)
    }

    // MARK: - Restarts

    /// A process that dies, or loses its power, while batches are under way: of them a prefix
    /// survives, which holds all that were answered.
    private mutating func restart() async throws {
        var batches: [CommandBatch] = []
        for _ in 0..<random.int(0..<6) {
            batches += submitBatches()
            if random.oneIn(6) { service.snapshot { _ in } }
            for _ in 0..<random.int(0..<300) { await Task.yield() }
        }
        let acknowledged = service.status.position
        var keep = random
        storage =
            random.oneIn(2)
            ? storage.afterProcessDeath() : storage.afterPowerLoss { _ in keep.oneIn(2) }
        await service.shutdown()
        service = try await TallyService.start(
            storage, clock, ballots: 1 + random.int(0..<8), tallies: 1 + random.int(0..<8))
        connections = connections.map { _ in Connection() }
        let survived = service.recovery.lastSequence
        #expect(survived >= acknowledged)
        for batch in batches where model.position < survived {
            for command in batch.commands {
                _ = model.apply(command, account: numbers[command.account]!)
            }
        }
        #expect(model.position == survived)
    }

    // MARK: - Comparing

    private mutating func compare() async {
        let cut = await service.cut()
        #expect(cut.sequence == model.position)
        #expect(service.status.position == model.position)
        #expect(cut.catalogue === service.catalogue)
        for (number, expected) in model.phases.enumerated() {
            guard let entry = cut.catalogue.phase(UInt32(number)) else {
                Issue.record("phase \(number) is missing")
                continue
            }
            #expect(entry.state == expected.state)
            #expect(entry.optionCount == expected.optionCount)
            #expect(entry.proposalIndices.map { $0 != nil } == expected.proposals.map { $0 != nil })
            let phase = cut.phase(UInt32(number))
            #expect(phase.voters == model.voters(number))
            var counts: [[UInt32]: Int64] = [:]
            for proposal in 0..<UInt32(expected.proposals.count) {
                for option in 0..<UInt32(expected.optionCount) {
                    let count = phase.counts(of: proposal)[Int(option)]
                    if count != 0 { counts[[proposal, option]] = count }
                }
            }
            #expect(counts == model.counts(number))
        }
        for _ in 0..<3 {
            let account = random.int(0..<Self.accounts)
            let held = await service.votes(of: .numbered(account))
            #expect(held.sequence == model.position)
            #expect(held.isDeleted == model.deleted.contains(account))
            #expect(held.votes == model.words(account) ?? [])
        }
        let status = service.status.ballots
        #expect(status.votes == model.votes.values.reduce(0) { $0 + $1.count })
        #expect(status.accounts == model.votes.count)
        #expect(status.tombstones == model.deleted.count)
        for connection in connections { #expect(connection.isInOrder) }
    }
}
