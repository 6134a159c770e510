import Persistence
import TallyActors

// What the journal is given, and who asked for it.

extension History {
    /// Before a record is written.
    func begin(_ fields: RecordFields, _ payload: [UInt8]) {
        guard isServing else { return }
        underway = fields.lastSequence
        let before = model
        fate.note("record", fields.firstSequence, UInt64(fields.count), UInt64(fields.kind))
        fate.note("time", UInt64(bitPattern: fields.timestamp))
        fate.expect(
            fields.firstSequence == before.position + 1,
            "number \(fields.firstSequence) is given after \(before.position)")
        checkTime(fields.timestamp, after: before.now)
        var next = before
        next.now = fields.timestamp
        let isTransitionDue =
            clock.isTrusted ? before.dueTransition(at: fields.timestamp) : nil
        switch RecordKind(rawValue: fields.kind) {
        case .commands:
            fate.expect(isTransitionDue == nil, "commands overtake a transition that is due")
            if !clock.isTrusted, before.dueTransition(at: clock.turn.wall.milliseconds) != nil {
                fate.happened(.transitionWaits)
            }
            claimBatches(fields, payload)
            for command in Self.commands(payload) {
                let account = numbers[command.head.account]!
                outcomes.append(next.apply(command.head, votes: command.votes, account: account))
            }
        case .catalogue:
            outcomes.append(nil)
            next.take(payload, due: isTransitionDue, fate) { claim($0, $1) }
        case .mark:
            outcomes.append(nil)
            fate.happened(.mark)
            fate.expect(fields.count == 1 && payload.isEmpty, "a mark has a content")
            next.position += 1
        case nil: fate.fail("a record of kind \(fields.kind)")
        }
        fate.expect(next.position == fields.lastSequence, "a record has another count")
        records.append(Record(fields: fields, payload: payload))
        models.append(next)
    }

    /// The record that was begun is durable.
    func complete() {
        if isServing { durable = model.position }
    }

    /// The record was refused for want of room.
    func takeBack() {
        guard isServing else { return }
        fate.expect(mayLackRoom, "there was no room on a disk without limits")
        let record = records.removeLast()
        models.removeLast()
        outcomes.removeLast(Int(record.fields.count))
        underway = model.position
        journaledWish = nil
    }

    private func checkTime(_ time: Int64, after last: Int64) {
        let step = Int64(SimulatedClock.smallStep)
        let latest = max(last, clock.undisturbed + step)
        let earliest =
            clock.isTrusted
            ? clock.turn.wall.milliseconds
            : clock.turn.monotonic + clock.undisturbed - clock.monotonic - step
        fate.expect(
            time >= max(last, earliest) && time <= latest,
            "a record has the time \(time), not \(max(last, earliest)) to \(latest)")
    }

    static func commands(_ payload: [UInt8]) -> [(head: Command, votes: [Command])] {
        payload.withUnsafeBytes { bytes in
            var commands: [(head: Command, votes: [Command])] = []
            var rest = Array(bytes.bindMemory(to: Command.self))[...]
            while let head = rest.popFirst() {
                let votes = Array(rest.prefix(head.placeCount - 1))
                rest = rest.dropFirst(votes.count)
                commands.append((head, votes))
            }
            return commands
        }
    }

    // MARK: - Who asked for it

    func submit(_ batch: CommandBatch) { waiting.append(.batch(batch)) }

    func submit(_ command: CatalogueCommand) { waiting.append(.wish(command)) }

    /// The record must hold the next batches, each once and whole.
    private func claimBatches(_ fields: RecordFields, _ payload: [UInt8]) {
        var next = fields.firstSequence
        var rest = payload[...]
        search: for entry in waiting {
            guard case .batch(let batch) = entry, next <= fields.lastSequence else { break }
            // Refused ones have no place in the record; those that were claimed have another.
            guard batch.refusal == nil, batch.count > 0, batch.firstSequence == next else {
                continue search
            }
            let bytes = UnsafeRawBufferPointer(batch.commandBuffer)
            guard rest.starts(with: bytes) else { break }
            rest = rest.dropFirst(bytes.count)
            next += UInt64(batch.count)
        }
        fate.expect(
            rest.isEmpty && next == fields.lastSequence + 1,
            "record \(fields.firstSequence)+\(fields.count) is not what the waiting batches hold: "
                + waiting.map {
                    switch $0 {
                    case .batch(let batch): "\(batch.firstSequence)+\(batch.count)"
                    case .wish: "a wish"
                    }
                }.joined(separator: ", "))
    }

    /// What is journaled and due by no schedule must be the next wish.
    private func claim(_ command: CatalogueCommand, _ verdict: NaiveVerdict) {
        for entry in waiting {
            switch entry {
            case .batch(let batch):
                fate.expect(
                    batch.count == 0 || batch.firstSequence > 0 || batch.refusal != nil,
                    "a definition overtook a batch")
            case .wish(let wish):
                journaledWish = (underway, verdict)
                return fate.expect(wish == command, "\(command) was journaled, not \(wish)")
            }
        }
        fate.fail("nobody asked for \(command)")
    }
}

extension NaiveModel {
    /// Takes a catalogue command from the journal: the transition that is due, or what `claim`
    /// finds somebody to have asked for.
    fileprivate mutating func take(
        _ payload: [UInt8], due: CatalogueCommand?, _ fate: Fate,
        claim: (CatalogueCommand, NaiveVerdict) -> Void
    ) {
        let decoded = payload.withUnsafeBytes { bytes -> CatalogueCommand? in
            var reader = ByteReader(bytes)
            return try? reader.command()
        }
        guard let command = decoded else { return fate.fail("a definition cannot be read") }
        let verdict = perform(command)
        guard case .done(_, changes: true) = verdict else {
            return fate.fail("\(command) was journaled, but \(verdict)")
        }
        if case .closePhase = command { fate.happened(.closing) }
        if case .remove = command { fate.happened(.removal) }
        if let due {
            fate.happened(.transition)
            fate.expect(command == due, "\(command) was journaled before \(due), which is due")
        } else {
            claim(command, verdict)
        }
    }
}
