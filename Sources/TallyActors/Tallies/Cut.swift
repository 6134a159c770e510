/// One consistent cut: exactly the state of all counts after journal position `sequence`.
public final class Cut: Sendable {
    public let sequence: UInt64
    /// The journal's time at that position.
    public let asOf: Instant
    public let catalogue: Catalogue
    /// By phase number; nil where the phase was removed.
    private let phases: [PhaseCut?]

    package init(sequence: UInt64, asOf: Instant, catalogue: Catalogue, phases: [PhaseCut?]) {
        self.sequence = sequence
        self.asOf = asOf
        self.catalogue = catalogue
        self.phases = phases
    }

    /// The counts of a phase of the cut's catalogue.
    public func phase(_ number: PhaseNumber) -> PhaseCut {
        guard number < phases.count, let phase = phases[Int(number)] else {
            preconditionFailure("a phase that the cut's catalogue does not have")
        }
        return phase
    }

    /// The counts of a phase of a later catalogue: zeros for what the cut does not have.
    package func counts(of phase: PhaseEntry) -> PhaseCut {
        guard phase.number < phases.count, let counts = phases[Int(phase.number)],
            counts.optionCount == phase.optionCount
        else { return PhaseCut(optionCount: phase.optionCount) }
        return counts
    }

    /// The next cut: this one with what changed since.
    package func advanced(
        to sequence: UInt64, asOf: Instant, catalogue: Catalogue, parts: [CutPart]
    ) -> Cut {
        var phases = phases
        for (number, entry) in catalogue.phases.enumerated() {
            if number == phases.count { phases.append(nil) }
            guard let entry else {
                phases[number] = nil
                continue
            }
            if phases[number]?.optionCount != entry.optionCount {
                phases[number] = PhaseCut(optionCount: entry.optionCount)
            }
        }
        for part in parts {
            for change in part.blocks {
                let phase = Int(change.phase)
                guard phases[phase] != nil else { continue }
                let missing = change.index + 1 - phases[phase]!.blocks.count
                if missing > 0 {
                    phases[phase]!.blocks.append(contentsOf: repeatElement(nil, count: missing))
                }
                phases[phase]!.blocks[change.index] = change.block
                phases[phase]!.changedAt = max(phases[phase]!.changedAt, change.changedAt)
            }
            for change in part.voters where phases[Int(change.phase)] != nil {
                let phase = Int(change.phase)
                phases[phase]!.voters = change.voters
                phases[phase]!.changedAt = max(phases[phase]!.changedAt, change.changedAt)
            }
        }
        return Cut(sequence: sequence, asOf: asOf, catalogue: catalogue, phases: phases)
    }
}

/// What one tally shard has to say to a cut: only what changed since the last one.
package struct CutPart: Sendable {
    struct Block: Sendable {
        var phase: PhaseNumber
        var index: Int
        var block: TallyBlock
        var changedAt: UInt64
    }

    struct Voters: Sendable {
        var phase: PhaseNumber
        var voters: Int64
        var changedAt: UInt64
    }

    var blocks: [Block] = []
    var voters: [Voters] = []
}
