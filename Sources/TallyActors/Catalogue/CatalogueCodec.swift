// The binary form of definitions and catalogue commands, in the journal and in snapshots, in the
// project's own encoding (see `ByteWriter`). A change of it is a new rules version of the files.
//
//   command   1 define: consultation id, definition
//             2 put a proposal: consultation id, phase id, proposal
//             3 open, 4 close: consultation id, phase id
//             5 remove: consultation id
//   definition  title?, time zone?, phases
//   phase       id, title?, opens at?, closes at?, ballot, results (1 byte), proposals
//   ballot      kind (1 byte), choices, max_votes?, min_votes? (32 bits each), budget? (64 bits),
//               max_points?, max_points_per_proposal? (32 bits each)
//   proposal    id, title?, cost? (64 bits)
//   title       1 text, or 2 and a list of (tag, text)
//   time        the text, the instant (64 bits, milliseconds since 1970)

extension ByteWriter {
    package mutating func command(_ command: CatalogueCommand) {
        switch command {
        case .define(let consultation, let definition):
            integer(UInt8(1))
            string(consultation.bytes)
            self.definition(definition)
        case .putProposal(let consultation, let phase, let proposal):
            integer(UInt8(2))
            string(consultation.bytes)
            string(phase.bytes)
            self.proposal(proposal)
        case .openPhase(let consultation, let phase):
            integer(UInt8(3))
            string(consultation.bytes)
            string(phase.bytes)
        case .closePhase(let consultation, let phase):
            integer(UInt8(4))
            string(consultation.bytes)
            string(phase.bytes)
        case .remove(let consultation):
            integer(UInt8(5))
            string(consultation.bytes)
        }
    }

    mutating func definition(_ definition: ConsultationDefinition) {
        optional(definition.title) { $0.title($1) }
        optional(definition.timeZone) { $0.string($1.utf8) }
        list(definition.phases) { $0.phase($1) }
    }

    mutating func phase(_ phase: PhaseDefinition) {
        string(phase.id.bytes)
        optional(phase.title) { $0.title($1) }
        optional(phase.opensAt) { $0.time($1) }
        optional(phase.closesAt) { $0.time($1) }
        ballot(phase.ballot)
        integer(phase.results.rawValue)
        list(phase.proposals) { $0.proposal($1) }
    }

    private mutating func ballot(_ ballot: BallotRule) {
        integer(ballot.kind.rawValue)
        list(ballot.choices) { $0.string($1.bytes) }
        optional(ballot.maximumVotes) { $0.integer($1) }
        optional(ballot.minimumVotes) { $0.integer($1) }
        optional(ballot.budget) { $0.integer($1) }
        optional(ballot.maximumPoints) { $0.integer($1) }
        optional(ballot.maximumPointsPerProposal) { $0.integer($1) }
    }

    mutating func proposal(_ proposal: ProposalDefinition) {
        string(proposal.id.bytes)
        optional(proposal.title) { $0.title($1) }
        optional(proposal.cost) { $0.integer($1) }
    }

    private mutating func title(_ title: Title) {
        switch title {
        case .text(let text):
            integer(UInt8(1))
            string(text.utf8)
        case .byLanguage(let texts):
            integer(UInt8(2))
            list(texts) { writer, text in
                writer.string(text.tag.utf8)
                writer.string(text.text.utf8)
            }
        }
    }

    private mutating func time(_ time: ScheduledTime) {
        string(time.text.utf8)
        integer(time.instant.milliseconds)
    }
}

extension ByteReader {
    package mutating func command() throws(Malformed) -> CatalogueCommand {
        switch try integer(UInt8.self) {
        case 1: .define(consultation: try identifier(), definition: try definition())
        case 2:
            .putProposal(
                consultation: try identifier(), phase: try identifier(), proposal: try proposal())
        case 3: .openPhase(consultation: try identifier(), phase: try identifier())
        case 4: .closePhase(consultation: try identifier(), phase: try identifier())
        case 5: .remove(consultation: try identifier())
        default: throw Malformed()
        }
    }

    mutating func definition() throws(Malformed) -> ConsultationDefinition {
        ConsultationDefinition(
            title: try optional { reader throws(Malformed) in try reader.title() },
            timeZone: try optional { reader throws(Malformed) in try reader.text() },
            phases: try list { reader throws(Malformed) in try reader.phase() })
    }

    mutating func phase() throws(Malformed) -> PhaseDefinition {
        PhaseDefinition(
            id: try identifier(),
            title: try optional { reader throws(Malformed) in try reader.title() },
            opensAt: try optional { reader throws(Malformed) in try reader.time() },
            closesAt: try optional { reader throws(Malformed) in try reader.time() },
            ballot: try ballot(),
            results: try raw(ResultsVisibility.self),
            proposals: try list { reader throws(Malformed) in try reader.proposal() })
    }

    private mutating func ballot() throws(Malformed) -> BallotRule {
        BallotRule(
            kind: try raw(BallotKind.self),
            choices: try list { reader throws(Malformed) in try reader.identifier() },
            maximumVotes: try optionalInteger(UInt32.self),
            minimumVotes: try optionalInteger(UInt32.self),
            budget: try optionalInteger(UInt64.self),
            maximumPoints: try optionalInteger(UInt32.self),
            maximumPointsPerProposal: try optionalInteger(UInt32.self))
    }

    private mutating func optionalInteger<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type
    ) throws(Malformed) -> Value? {
        try optional { reader throws(Malformed) in try reader.integer(type) }
    }

    mutating func identifier() throws(Malformed) -> Identifier {
        Identifier(validated: try string())
    }

    private mutating func proposal() throws(Malformed) -> ProposalDefinition {
        ProposalDefinition(
            id: try identifier(),
            title: try optional { reader throws(Malformed) in try reader.title() },
            cost: try optional { reader throws(Malformed) in try reader.integer(UInt64.self) })
    }

    private mutating func title() throws(Malformed) -> Title {
        switch try integer(UInt8.self) {
        case 1: .text(try text())
        case 2:
            .byLanguage(
                try list { reader throws(Malformed) in
                    Title.LanguageText(tag: try reader.text(), text: try reader.text())
                })
        default: throw Malformed()
        }
    }

    private mutating func time() throws(Malformed) -> ScheduledTime {
        ScheduledTime(
            text: try text(), instant: Instant(milliseconds: try integer(Int64.self)))
    }

    private mutating func text() throws(Malformed) -> String {
        String(decoding: try string(), as: UTF8.self)
    }
}
