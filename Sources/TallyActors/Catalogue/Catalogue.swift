/// Everything that is defined, as it stood after one catalogue command. Never changes: the next
/// command makes the next catalogue, which shares with this one what stayed the same.
public final class Catalogue: Sendable {
    /// The position of the command that made it; 0 for the empty one.
    public let sequence: UInt64
    /// In the order of their creation.
    public let consultations: [ConsultationEntry]
    /// By phase number; nil where the phase was removed.
    public let phases: [PhaseEntry?]
    /// Of consultations that were removed, in the order of their removal.
    public let removedSeals: [RemovedSeal]
    private let consultationTable: NameTable

    init(
        sequence: UInt64, consultations: [ConsultationEntry], phases: [PhaseEntry?],
        removedSeals: [RemovedSeal]
    ) {
        self.sequence = sequence
        self.removedSeals = removedSeals
        self.consultations = consultations
        self.phases = phases
        consultationTable = NameTable(
            consultations.enumerated().map { ($0.element.id, UInt32($0.offset)) })
    }

    public static let empty = Catalogue(
        sequence: 0, consultations: [], phases: [], removedSeals: [])

    public func consultation(named name: UnsafeRawBufferPointer) -> ConsultationEntry? {
        consultationTable.number(of: name).map { consultations[Int($0)] }
    }

    public func consultation(named name: Identifier) -> ConsultationEntry? {
        name.bytes.withUnsafeBytes { consultation(named: $0) }
    }

    /// nil for a number that no phase has, or no longer.
    public func phase(_ number: PhaseNumber) -> PhaseEntry? {
        number < phases.count ? phases[Int(number)] : nil
    }
}

/// One consultation of a catalogue.
public final class ConsultationEntry: Sendable {
    public let id: Identifier
    /// As last put, with the proposals that were added since.
    public let definition: ConsultationDefinition
    /// In the order of the definition.
    public let phases: [PhaseEntry]
    private let phaseTable: NameTable

    init(id: Identifier, definition: ConsultationDefinition, phases: [PhaseEntry]) {
        self.id = id
        self.definition = definition
        self.phases = phases
        phaseTable = NameTable(phases.enumerated().map { ($0.element.id, UInt32($0.offset)) })
    }

    public func phase(named name: UnsafeRawBufferPointer) -> PhaseEntry? {
        phaseTable.number(of: name).map { phases[Int($0)] }
    }

    public func phase(named name: Identifier) -> PhaseEntry? {
        name.bytes.withUnsafeBytes { phase(named: $0) }
    }
}

/// One phase of a catalogue.
public final class PhaseEntry: Sendable {
    public let number: PhaseNumber
    public let consultation: Identifier
    public let definition: PhaseDefinition
    public let state: PhaseState
    /// There exactly when the phase is closed.
    public let seal: Seal?
    /// The permanent numbers of the proposals, in the order of the definition.
    public let proposalNumbers: [ProposalNumber]
    /// By proposal number: the index into `definition.proposals`; nil where it was removed.
    public let proposalIndices: [Int?]
    /// Every choice that the phase ever had, by its permanent number (what a vote's value holds).
    public let choiceNumbers: [Identifier]
    /// By choice number: the option it is counted as; nil where it was removed.
    public let optionOfChoice: [Int?]
    /// A number that stays the same as long as the ballot's options and the proposals' ids and
    /// order do, also over a restart.
    public let identity: UInt64
    /// The same of the ballot's options alone.
    public let optionIdentity: UInt64
    private let proposalTable: NameTable
    private let choiceTable: NameTable

    public var id: Identifier { definition.id }
    public var kind: BallotKind { definition.ballot.kind }

    /// Counts that each proposal of the phase has.
    public var optionCount: Int { definition.ballot.optionCount }

    /// Nobody may learn a count yet.
    public var isWithheld: Bool { definition.results == .afterClose && state != .closed }

    /// Whether so many votes of one account are enough to count.
    public func counts(votes: Int) -> Bool { votes >= definition.ballot.minimumVotes ?? 0 }

    init(
        number: PhaseNumber, consultation: Identifier, definition: PhaseDefinition,
        state: PhaseState, seal: Seal?, proposalNumbers: [ProposalNumber],
        proposalCount: Int, choiceNumbers: [Identifier]
    ) {
        precondition((state == .closed) == (seal != nil), "a closed phase is sealed, no other is")
        self.number = number
        self.consultation = consultation
        self.definition = definition
        self.state = state
        self.seal = seal
        self.proposalNumbers = proposalNumbers
        self.choiceNumbers = choiceNumbers
        var indices = [Int?](repeating: nil, count: proposalCount)
        for (index, number) in proposalNumbers.enumerated() { indices[Int(number)] = index }
        proposalIndices = indices
        proposalTable = NameTable(
            zip(definition.proposals, proposalNumbers).map { ($0.0.id, $0.1) })
        let choices = definition.ballot.choices
        identity = Self.identity(of: definition, withProposals: true)
        optionIdentity = Self.identity(of: definition, withProposals: false)
        optionOfChoice = choiceNumbers.map { choices.firstIndex(of: $0) }
        choiceTable = NameTable(
            choiceNumbers.enumerated().filter { choices.contains($0.element) }
                .map { ($0.element, UInt32($0.offset)) })
    }

    /// FNV-1a over everything that a tally names, with lengths, so that nothing can be shifted.
    private static func identity(
        of definition: PhaseDefinition, withProposals: Bool
    ) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func add(_ bytes: [UInt8]) {
            hash = (hash ^ UInt64(bytes.count)) &* 0x100_0000_01b3
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        add([definition.ballot.kind.rawValue])
        add(definition.id.bytes)
        for choice in definition.ballot.choices { add(choice.bytes) }
        if withProposals {
            for proposal in definition.proposals { add(proposal.id.bytes) }
        }
        return hash
    }

    /// The permanent number of the proposal with exactly these bytes as its id.
    public func proposal(named name: UnsafeRawBufferPointer) -> ProposalNumber? {
        proposalTable.number(of: name)
    }

    public func proposal(named name: Identifier) -> ProposalNumber? {
        proposalTable.number(of: name)
    }

    /// The permanent number of the choice with exactly these bytes, if it may be chosen now.
    public func choice(named name: UnsafeRawBufferPointer) -> UInt32? {
        choiceTable.number(of: name)
    }

    /// What clients call a proposal; nil for one that was removed.
    public func proposalDefinition(_ number: ProposalNumber) -> ProposalDefinition? {
        guard number < proposalIndices.count, let index = proposalIndices[Int(number)] else {
            return nil
        }
        return definition.proposals[index]
    }
}
