import TallyActors

// Random commands on accounts, most of them such that the model's state gives them a sense.

extension NaiveModel {
    /// - Parameter number: of the account.
    func append(
        commandOf number: Int, to batch: CommandBatch, using random: inout SeededRandom
    ) {
        let account = AccountKey.numbered(number)
        let phase = randomPhase(&random)
        switch random.int(0..<100) {
        case 0 where random.oneIn(3): batch.append(.delete(account))
        case 0..<20:
            batch.append(.withdraw(account, phase: phase, proposal: proposal(in: phase, &random)))
        case 20: batch.append(Command(account: account, word: random.next() | 0xF))
        case 21..<40:
            ballot(number, phase, &random).withUnsafeBufferPointer {
                batch.appendBallot(of: account, phase: phase, votes: $0)
            }
        default: batch.append(cast(account, phase, proposal(in: phase, &random), &random))
        }
    }

    /// Mostly one that is open.
    private func randomPhase(_ random: inout SeededRandom) -> UInt32 {
        let open = phases.indices.filter { phases[$0]?.state == .open }
        guard !random.oneIn(8), let phase = open.randomElement(using: &random) else {
            return UInt32(random.int(0..<phases.count + 1))
        }
        return UInt32(phase)
    }

    private func proposal(in phase: UInt32, _ random: inout SeededRandom) -> UInt32 {
        let count = phase < phases.count ? phases[Int(phase)]?.proposals.count ?? 1 : 1
        return UInt32(random.int(0..<count + (random.oneIn(10) ? 1 : 0)))
    }

    /// Mostly a vote as the phase's kind wants it.
    private func cast(
        _ account: AccountKey, _ phase: UInt32, _ proposal: UInt32, _ random: inout SeededRandom
    ) -> Command {
        let known = phase < phases.count ? phases[Int(phase)] : nil
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
    private func ballot(
        _ number: Int, _ phase: UInt32, _ random: inout SeededRandom
    ) -> [Command] {
        let account = AccountKey.numbered(number)
        let known = phase < phases.count ? phases[Int(phase)] : nil
        var proposals = (known?.present ?? [0]).shuffled(using: &random)
        proposals = Array(proposals.prefix(random.int(0..<5)))
        if random.oneIn(20) { proposals.append(proposal(in: phase, &random)) }
        guard let known, random.oneIn(2) else {
            return proposals.map { cast(account, phase, $0, &random) }
        }
        let held = held(number, phase).sorted { $0.key < $1.key }
        var votes = held.map {
            Command.cast(
                account, phase: phase, proposal: $0.key, value: $0.value,
                as: known.ballot.kind.content)
        }
        if random.oneIn(3), !votes.isEmpty { votes.remove(at: random.int(0..<votes.count)) }
        if random.oneIn(3) {
            votes += proposals.prefix(1).map { cast(account, phase, $0, &random) }
        }
        return votes.shuffled(using: &random)
    }
}
