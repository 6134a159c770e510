import Persistence
import TallyActors
import Testing

// What happens to a consultation and to the server beside votes and definitions.

extension RandomHistory {
    mutating func moveByHand() async {
        guard
            let number = model.phases.indices.filter({ model.phases[$0] != nil })
                .randomElement(using: &random)
        else { return }
        let phase = model.phases[number]!
        if random.oneIn(2) {
            let command = CatalogueCommand.openPhase(
                consultation: phase.consultation, phase: phase.id)
            if phase.state == .closed { return await expect(command, .phaseClosed) }
            model.open(number)
            await expect(command, .state(.open), changes: phase.state == .scheduled)
        } else {
            let command = CatalogueCommand.closePhase(
                consultation: phase.consultation, phase: phase.id)
            if phase.state == .scheduled { return await expect(command, .phaseNotOpen) }
            if phase.state == .open { model.close(number) }
            await expect(command, .state(.closed), changes: phase.state == .open)
        }
    }

    mutating func passTime() async {
        clock.advance(by: Int64(random.int(0..<80)))
        model.passTime(to: clock.read().wall.milliseconds)
        // An empty batch takes its turn behind whatever has become due.
        let batch = await connections[0].run([], on: service)
        #expect(batch.appliedSequence == model.position)
    }

    // MARK: - Removal

    mutating func removeConsultation() async throws {
        let consultation = SeededRandom.consultations.randomElement(using: &random)!
        let command = CatalogueCommand.remove(consultation: consultation)
        let numbers = model.numbers(of: consultation)
        guard model.consultations.contains(consultation) else {
            return await expect(command, .unknownConsultation)
        }
        if numbers.contains(where: { model.phases[$0]!.state != .closed }) {
            await expect(command, .phaseNotClosed)
            guard random.oneIn(2) else { return }
            await closeAll(numbers)
        }
        model.remove(consultation)
        await expect(command, .removed, changes: true)
        isSweeping = true
        // The votes are swept away beside everything else: also beside these.
        switch random.int(0..<4) {
        case 0: try await restart()
        case 1: #expect(await service.snapshot() == .success(model.position))
        case 2: await vote()
        default: break
        }
    }

    private mutating func closeAll(_ numbers: [Int]) async {
        for number in numbers {
            let phase = model.phases[number]!
            if phase.state == .scheduled {
                model.open(number)
                await expect(
                    .openPhase(consultation: phase.consultation, phase: phase.id), .state(.open),
                    changes: true)
            }
            guard phase.state != .closed else { continue }
            model.close(number)
            await expect(
                .closePhase(consultation: phase.consultation, phase: phase.id), .state(.closed),
                changes: true)
        }
    }

    // MARK: - Restarts

    /// A process that dies, or loses its power, while batches are under way: of them a prefix
    /// survives, which holds all that were answered.
    mutating func restart() async throws {
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
        for batch in batches where model.position < survived { _ = apply(batch) }
        #expect(model.position == survived)
        // The start folds the journal anew, and so may sweep anew.
        isSweeping = !model.removedSeals.isEmpty
    }
}
