public import Persistence

/// A record of the journal in words.
public struct RecordWords: Equatable, Sendable {
    /// What the record holds as a whole.
    public var content: String
    /// What the command of one sequence says; a ballot has a line for each of its votes, too.
    public var command: [String]

    /// - Parameters:
    ///   - sequence: of the command to put in words, one of the record's.
    ///   - catalogue: as it stood before the record, for the names of what its commands are about; nil:
    ///     they are told by number.
    public init(
        _ fields: RecordFields, payload: UnsafeRawBufferPointer, sequence: UInt64,
        catalogue: Catalogue?
    ) {
        switch RecordKind(rawValue: fields.kind) {
        case .commands:
            content = fields.count == 1 ? "1 command" : "\(fields.count) commands"
            command = Self.command(
                number: sequence - fields.firstSequence, of: payload,
                PlaceNames(catalogue: catalogue))
        case .catalogue:
            content = "a change of the catalogue"
            var reader = ByteReader(payload)
            command = (try? reader.command()).map(Self.words) ?? [Self.unreadable]
        case .mark:
            content = "a mark"
            command = ["stands for nothing, so that a snapshot has a position of its own"]
        case nil:
            content = "kind \(fields.kind), which this version does not know"
            command = [Self.unreadable]
        }
    }

    private static let unreadable = "cannot be read by this version"

    private static func command(
        number: UInt64, of payload: UnsafeRawBufferPointer, _ names: PlaceNames
    ) -> [String] {
        let places = payload.count / Command.size
        var place = 0
        var passed: UInt64 = 0
        while place < places {
            let command = self.command(at: place, of: payload)
            guard place + command.placeCount <= places else { break }
            if passed == number {
                return [names.words(command)]
                    + (1..<command.placeCount).map { index in
                        "  " + names.vote(self.command(at: place + index, of: payload))
                    }
            }
            place += command.placeCount
            passed += 1
        }
        return [unreadable]
    }

    private static func command(at place: Int, of payload: UnsafeRawBufferPointer) -> Command {
        payload.loadUnaligned(fromByteOffset: place * Command.size, as: Command.self)
    }

    private static func words(_ command: CatalogueCommand) -> [String] {
        switch command {
        case .define(let consultation, let definition):
            ["defines the consultation \(quoted(consultation)):"]
                + definition.phases.map { "  " + words($0) }
        case .putProposal(let consultation, let phase, let proposal):
            [
                "puts the proposal \(quoted(proposal.id)) into the phase \(quoted(phase))"
                    + " of \(quoted(consultation))"
            ]
        case .openPhase(let consultation, let phase):
            ["opens the phase \(quoted(phase)) of \(quoted(consultation))"]
        case .closePhase(let consultation, let phase):
            ["closes the phase \(quoted(phase)) of \(quoted(consultation))"]
        case .remove(let consultation):
            ["removes the consultation \(quoted(consultation)) with every vote"]
        }
    }

    private static func words(_ phase: PhaseDefinition) -> String {
        let count = phase.proposals.count
        return "phase \(quoted(phase.id)), \(phase.ballot.kind.name), "
            + (count == 1 ? "1 proposal" : "\(count) proposals")
    }

    static func quoted(_ identifier: Identifier) -> String { "\"\(identifier)\"" }
}
