import TallyActors
import Testing

extension RandomHistory {
    /// Several batches of several connections, one after the other or at once.
    mutating func vote() async {
        let batches = submitBatches()
        for connection in connections { await connection.settle() }
        for batch in batches {
            #expect(batch.refusal == nil)
            let first = model.position + 1
            if batch.count > 0 { #expect(batch.firstSequence == first) }
            let expected = apply(batch)
            #expect(batch.outcomes == expected)
            #expect(batch.results.map(\.sequence) == expected.indices.map { first + UInt64($0) })
            #expect(batch.appliedSequence >= model.position)
        }
    }

    /// Applies a batch to the model.
    mutating func apply(_ batch: CommandBatch) -> [Outcome] {
        batch.commands.map { head, votes in
            model.apply(head, votes: votes, account: numbers[head.account]!)
        }
    }

    /// Some of them are empty.
    mutating func submitBatches() -> [CommandBatch] {
        var submitted: [CommandBatch] = []
        for _ in 0..<random.int(1..<12) {
            let connection = connections[random.int(0..<connections.count)]
            let count = random.oneIn(6) ? 0 : random.int(0..<60)
            connection.submit(capacity: count, to: service) { batch in
                for _ in 0..<count {
                    let account = random.int(0..<Self.accounts)
                    model.append(commandOf: account, to: batch, using: &random)
                }
            }
            submitted.append(connection.batches.last!)
        }
        return submitted
    }
}
