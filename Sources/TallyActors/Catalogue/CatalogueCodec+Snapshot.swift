// The binary form of a whole catalogue, in snapshots:
//
//   catalogue     sequence (64 bits), number of phases ever (32 bits), consultations, removed seals
//   consultation  id, definition, a phase state for each of its phases
//   phase state   number (32 bits), state (1 byte), seal?, proposal numbers (32 bits each),
//                 proposals ever (32 bits), choices ever
//   seal          at (64 bits, milliseconds since 1970), the sealed bytes
//   removed seal  consultation id, phase id, seal

extension ByteWriter {
    package mutating func catalogue(_ catalogue: Catalogue) {
        integer(catalogue.sequence)
        integer(UInt32(catalogue.phases.count))
        list(catalogue.consultations) { writer, consultation in
            writer.string(consultation.id.bytes)
            writer.definition(consultation.definition)
            writer.list(consultation.phases) { $0.state(of: $1) }
        }
        list(catalogue.removedSeals) { writer, removed in
            writer.string(removed.consultation.bytes)
            writer.string(removed.phase.bytes)
            writer.seal(removed.seal)
        }
    }

    private mutating func state(of phase: PhaseEntry) {
        integer(phase.number)
        integer(phase.state.rawValue)
        optional(phase.seal) { $0.seal($1) }
        list(phase.proposalNumbers) { $0.integer($1) }
        integer(UInt32(phase.proposalIndices.count))
        list(phase.choiceNumbers) { $0.string($1.bytes) }
    }

    private mutating func seal(_ seal: Seal) {
        integer(seal.at.milliseconds)
        string(seal.bytes)
    }
}

extension ByteReader {
    private struct PhaseStanding {
        var number: PhaseNumber
        var state: PhaseState
        var seal: Seal?
        var proposalNumbers: [ProposalNumber]
        var proposalCount: Int
        var choiceNumbers: [Identifier]
    }

    package mutating func catalogue() throws(Malformed) -> Catalogue {
        let sequence = try integer(UInt64.self)
        let phaseCount = try integer(UInt32.self)
        guard phaseCount < VoteWord.fieldLimit else { throw Malformed() }
        var phases = [PhaseEntry?](repeating: nil, count: Int(phaseCount))
        let consultations = try list { reader throws(Malformed) in
            try reader.consultation(&phases)
        }
        let removedSeals = try list { reader throws(Malformed) in
            RemovedSeal(
                consultation: try reader.identifier(), phase: try reader.identifier(),
                seal: try reader.seal())
        }
        return Catalogue(
            sequence: sequence, consultations: consultations, phases: phases,
            removedSeals: removedSeals)
    }

    private mutating func consultation(
        _ phases: inout [PhaseEntry?]
    ) throws(Malformed) -> ConsultationEntry {
        let id = try identifier()
        let definition = try definition()
        let standings = try list { reader throws(Malformed) in try reader.standing() }
        guard standings.count == definition.phases.count else { throw Malformed() }
        var entries: [PhaseEntry] = []
        for (standing, phase) in zip(standings, definition.phases) {
            guard standing.number < phases.count,
                standing.proposalNumbers.count == phase.proposals.count,
                standing.proposalCount < VoteWord.fieldLimit,
                (standing.state == .closed) == (standing.seal != nil),
                standing.proposalNumbers.allSatisfy({ $0 < standing.proposalCount })
            else { throw Malformed() }
            let entry = PhaseEntry(
                number: standing.number, consultation: id, definition: phase,
                state: standing.state, seal: standing.seal,
                proposalNumbers: standing.proposalNumbers,
                proposalCount: standing.proposalCount, choiceNumbers: standing.choiceNumbers)
            phases[Int(standing.number)] = entry
            entries.append(entry)
        }
        return ConsultationEntry(id: id, definition: definition, phases: entries)
    }

    private mutating func standing() throws(Malformed) -> PhaseStanding {
        PhaseStanding(
            number: try integer(UInt32.self), state: try raw(PhaseState.self),
            seal: try optional { reader throws(Malformed) in try reader.seal() },
            proposalNumbers: try list { reader throws(Malformed) in
                try reader.integer(UInt32.self)
            },
            proposalCount: Int(try integer(UInt32.self)),
            choiceNumbers: try list { reader throws(Malformed) in try reader.identifier() })
    }

    private mutating func seal() throws(Malformed) -> Seal {
        Seal(at: Instant(milliseconds: try integer(Int64.self)), bytes: try string())
    }
}
