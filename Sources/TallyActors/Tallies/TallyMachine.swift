/// The counts of the proposals that one tally shard owns, folded record by record, in order.
///
/// A pure, synchronous, deterministic state machine, like `BallotMachine`.
package struct TallyMachine: Sendable {
    private struct Phase: Sendable {
        var optionCount: Int
        /// By proposal number / 64; only blocks that this machine owns.
        var blocks: [TallyBlock?] = []
        /// By block: the position that last changed it.
        var changedAt: [UInt64] = []
        var voters: Int64 = 0
        var votersChangedAt: UInt64 = 0
    }

    private let shard: Int
    private let shardCount: Int
    private var phases: [Phase?] = []
    /// The last record that was folded.
    package private(set) var position: UInt64
    /// The position of the last cut.
    private var cutPosition: UInt64
    /// What the next cut must bring, each once.
    private var changedBlocks: [(phase: PhaseNumber, index: Int)] = []
    private var changedVoters: [PhaseNumber] = []

    package init(shard: Int, of shardCount: Int, position: UInt64 = 0) {
        self.shard = shard
        self.shardCount = shardCount
        self.position = position
        cutPosition = position
    }

    /// Blocks of proposals, and the voters of a phase (as its block -1, so to speak), fall into a
    /// fixed number of partitions, of which every shard owns its share.
    @inline(__always)
    private func owns(_ phase: PhaseNumber, _ block: Int) -> Bool {
        let mixed = (UInt64(phase) << 20 | UInt64(block)) &* 0x9e37_79b9_7f4a_7c15
        return Int(truncatingIfNeeded: mixed >> 56) * shardCount / Partition.count == shard
    }

    @inline(__always)
    private func ownsVoters(of phase: PhaseNumber) -> Bool {
        owns(phase, Int(VoteWord.fieldLimit) - 1)
    }

    /// Takes the catalogue that the command at `sequence` made.
    package mutating func adopt(_ catalogue: Catalogue, sequence: UInt64) {
        advance(from: sequence, to: sequence)
        configure(catalogue)
    }

    /// Takes the catalogue as it is; for a start from a snapshot.
    package mutating func configure(_ catalogue: Catalogue) {
        for (number, entry) in catalogue.phases.enumerated() {
            if number == phases.count { phases.append(nil) }
            guard let entry else {
                phases[number] = nil
                continue
            }
            if phases[number]?.optionCount != entry.optionCount {
                phases[number] = Phase(optionCount: entry.optionCount)
            }
        }
    }

    /// Folds what one record changed; records come strictly in order.
    package mutating func fold(
        _ parts: [CountChanges], first: UInt64, last: UInt64
    ) {
        advance(from: first, to: last)
        restore(parts)
    }

    /// Adds counts at the present position; for a start from a snapshot, and for a record.
    package mutating func restore(_ parts: [CountChanges]) {
        for part in parts {
            for change in part.cells { add(change) }
            for change in part.voters where ownsVoters(of: change.phase) {
                let phase = Int(change.phase)
                phases[phase]!.voters += change.delta
                precondition(phases[phase]!.voters >= 0, "the voters of a phase fell below zero")
                if phases[phase]!.votersChangedAt <= cutPosition {
                    changedVoters.append(change.phase)
                }
                phases[phase]!.votersChangedAt = max(position, 1)
            }
        }
    }

    private mutating func add(_ change: CountChanges.CellChange) {
        let phase = Int(change.phase)
        let index = Int(change.proposal >> TallyBlock.proposalBits)
        guard owns(change.phase, index) else { return }
        let optionCount = phases[phase]!.optionCount
        let missing = index + 1 - phases[phase]!.blocks.count
        if missing > 0 {
            phases[phase]!.blocks.append(contentsOf: repeatElement(nil, count: missing))
            phases[phase]!.changedAt.append(contentsOf: repeatElement(0, count: missing))
        }
        if phases[phase]!.blocks[index] == nil {
            phases[phase]!.blocks[index] = TallyBlock(optionCount: optionCount)
        }
        phases[phase]!.blocks[index]!.add(
            change.delta, proposal: change.proposal, option: Int(change.option),
            sequence: position)
        if phases[phase]!.changedAt[index] <= cutPosition {
            changedBlocks.append((change.phase, index))
        }
        phases[phase]!.changedAt[index] = max(position, 1)
    }

    private mutating func advance(from first: UInt64, to last: UInt64) {
        precondition(first == position + 1, "a tally shard was given a record out of order")
        position = last
    }

    /// What changed since the last cut: costs what changed, not what there is.
    package mutating func cut() -> CutPart {
        var part = CutPart()
        for (phase, index) in changedBlocks {
            guard let kept = phases[Int(phase)], index < kept.blocks.count,
                let block = kept.blocks[index]
            else { continue }
            part.blocks.append(
                CutPart.Block(
                    phase: phase, index: index, block: block, changedAt: kept.changedAt[index]))
        }
        for phase in changedVoters {
            guard let kept = phases[Int(phase)] else { continue }
            part.voters.append(
                CutPart.Voters(
                    phase: phase, voters: kept.voters, changedAt: kept.votersChangedAt))
        }
        changedBlocks.removeAll(keepingCapacity: true)
        changedVoters.removeAll(keepingCapacity: true)
        cutPosition = position
        return part
    }
}
