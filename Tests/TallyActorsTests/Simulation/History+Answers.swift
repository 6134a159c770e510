import TallyActors

// What clients are told.

extension History {
    /// Everything up to this position is there, somebody was told.
    func acknowledge(_ position: UInt64) {
        acknowledged = max(acknowledged, position)
        see(position)
    }

    /// Somebody saw something of what there is at this position.
    func see(_ position: UInt64) {
        fate.expect(
            position <= durable, "number \(position) was seen, but \(durable) is durable")
        seen = max(seen, position)
    }

    func answer(_ batch: CommandBatch) {
        guard
            let index = waiting.firstIndex(where: {
                if case .batch(let other) = $0 { other === batch } else { false }
            })
        else { return fate.fail("a batch came back twice") }
        waiting.remove(at: index)
        acknowledge(batch.appliedSequence)
        if let refusal = batch.refusal {
            fate.happened(.refusalWithoutRoom)
            return fate.expect(
                mayLackRoom && refusal == .storageUnavailable, "a batch was refused: \(refusal)")
        }
        var number = batch.firstSequence
        for (outcome, sequence) in batch.results {
            let expected = outcomes[Int(number) - 1]
            fate.note("outcome", outcome.raw)
            fate.expect(
                sequence == number && outcome == expected,
                "number \(number) came to \(outcome), not \(expected as Any)")
            number += 1
        }
        fate.expect(
            batch.appliedSequence + 1 >= number, "a batch came back before it was applied")
    }

    func answer(_ command: CatalogueCommand, _ outcome: CatalogueOutcome, at position: UInt64) {
        guard
            let index = waiting.firstIndex(where: {
                if case .wish = $0 { true } else { false }
            }), case .wish(command) = waiting[index]
        else { return fate.fail("\(command) was answered twice, or out of order") }
        waiting.remove(at: index)
        acknowledge(position)
        fate.note("\(outcome)")
        defer { journaledWish = nil }
        if outcome.refusal == .storageUnavailable, mayLackRoom { return }
        var expected = NaiveVerdict.refused([])
        if let journaledWish, journaledWish.position == position {
            expected = journaledWish.verdict
        } else {
            var other = model
            expected = other.perform(command)
            if case .done(_, changes: true) = expected { fate.fail("\(command) was not journaled") }
            if case .refused = expected { fate.happened(.definitionRefused) }
        }
        fate.expect(
            expected.agrees(with: outcome), "\(command) came to \(outcome), not \(expected)")
    }

    /// Wishes for this consultation that have no answer.
    func hasWish(for consultation: Identifier) -> Bool {
        waiting.contains { entry in
            guard case .wish(let command) = entry else { return false }
            return switch command {
            case .define(consultation, _), .putProposal(consultation, _, _),
                .openPhase(consultation, _), .closePhase(consultation, _), .remove(consultation):
                true
            default: false
            }
        }
    }

    var unanswered: Int { waiting.count }
    var isAnswered: Bool { waiting.isEmpty }
}
