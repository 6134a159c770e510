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
                for _ in 0..<count { append(to: batch) }
            }
            submitted.append(connection.batches.last!)
        }
        return submitted
    }

    private mutating func append(to batch: CommandBatch) {
        let account = AccountKey.numbered(random.int(0..<Self.accounts))
        let phase = phase()
        switch random.int(0..<100) {
        case 0 where random.oneIn(3): batch.append(.delete(account))
        case 0..<20:
            batch.append(.withdraw(account, phase: phase, proposal: proposal(in: phase)))
        case 20: batch.append(Command(account: account, word: random.next() | 0xF))
        case 21..<40:
            ballot(account, phase).withUnsafeBufferPointer {
                batch.appendBallot(of: account, phase: phase, votes: $0)
            }
        default: batch.append(cast(account, phase, proposal(in: phase)))
        }
    }

    /// Mostly one that is open.
    private mutating func phase() -> UInt32 {
        let open = model.phases.indices.filter { model.phases[$0]?.state == .open }
        guard !random.oneIn(8), let phase = open.randomElement(using: &random) else {
            return UInt32(random.int(0..<model.phases.count + 1))
        }
        return UInt32(phase)
    }

    private mutating func proposal(in phase: UInt32) -> UInt32 {
        let count =
            phase < model.phases.count ? model.phases[Int(phase)]?.proposals.count ?? 1 : 1
        return UInt32(random.int(0..<count + (random.oneIn(10) ? 1 : 0)))
    }

    /// Mostly a vote as the phase's kind wants it.
    private mutating func cast(
        _ account: AccountKey, _ phase: UInt32, _ proposal: UInt32
    ) -> Command {
        let known = phase < model.phases.count ? model.phases[Int(phase)] : nil
        var content = known?.ballot.kind.content ?? .nothing
        if random.oneIn(40) {
            content = [.nothing, .choice, .rank, .points][random.int(0..<4)]
        }
        let value: UInt32
        switch content {
        case .nothing: value = random.oneIn(40) ? 1 : 0
        case .choice: value = UInt32(random.int(0..<(known?.choiceNumbers.count ?? 0) + 1))
        case .rank: value = UInt32(random.int(0..<6))
        case .points:
            value = random.oneIn(9) ? UInt32(random.int(1..<1_000_002)) : UInt32(random.int(0..<7))
        }
        return .cast(account, phase: phase, proposal: proposal, value: value, as: content)
    }

    /// What the account holds, or something made up, or one with a little of the other.
    private mutating func ballot(_ account: AccountKey, _ phase: UInt32) -> [Command] {
        let known = phase < model.phases.count ? model.phases[Int(phase)] : nil
        var proposals = (known?.present ?? [0]).shuffled(using: &random)
        proposals = Array(proposals.prefix(random.int(0..<5)))
        if random.oneIn(20) { proposals.append(proposal(in: phase)) }
        guard let known, random.oneIn(2) else {
            return proposals.map { cast(account, phase, $0) }
        }
        let held = model.held(numbers[account]!, phase).sorted { $0.key < $1.key }
        var votes = held.map {
            Command.cast(
                account, phase: phase, proposal: $0.key, value: $0.value,
                as: known.ballot.kind.content)
        }
        if random.oneIn(3), !votes.isEmpty { votes.remove(at: random.int(0..<votes.count)) }
        if random.oneIn(3) { votes += proposals.prefix(1).map { cast(account, phase, $0) } }
        return votes.shuffled(using: &random)
    }
}
