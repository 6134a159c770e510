package import NIOCore
package import TallyActors

/// Writes what is defined, as clients read it.
package enum DefinitionAnswer {
    /// The answer to `GET /v1/consultations/{c}`: the definition, each phase with its state.
    package static func write(_ consultation: ConsultationEntry, into buffer: inout ByteBuffer) {
        write(consultation, withStates: true, into: &buffer)
    }

    /// The answer to `GET /v1/consultations`.
    package static func writeList(of catalogue: Catalogue, into buffer: inout ByteBuffer) {
        var json = JSONWriter(taking: &buffer)
        json.beginObject()
        json.key("consultations")
        json.beginArray()
        for consultation in catalogue.consultations {
            json.beginObject()
            json.key("id")
            json.string(consultation.id)
            write(consultation.definition.title, into: &json)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        buffer = json.buffer
    }

    /// The answer to `PUT …/proposals/{p}`: the proposal as it is defined now.
    package static func json(of proposal: ProposalDefinition) -> ByteBuffer {
        var json = JSONWriter(ByteBuffer())
        write(proposal, into: &json)
        return json.buffer
    }

    /// The strong tag of a definition: over everything that a client can define, and nothing else.
    /// The same definition has the same tag on any server.
    package static func entityTag(of consultation: ConsultationEntry) -> String {
        var buffer = ByteBuffer()
        write(consultation, withStates: false, into: &buffer)
        let hash = buffer.withUnsafeReadableBytes { tagHash.key(of: $0) }
        return "\"\(hash.high.hexadecimal)\(hash.low.hexadecimal)\""
    }

    /// Its key is no secret: a tag only has to differ where definitions do.
    private static let tagHash = SipHash128(keyBytes: Array("tally-definition".utf8))

    private static func write(
        _ consultation: ConsultationEntry, withStates: Bool, into buffer: inout ByteBuffer
    ) {
        var json = JSONWriter(taking: &buffer)
        json.beginObject()
        write(consultation.definition.title, into: &json)
        if let zone = consultation.definition.timeZone {
            json.key("time_zone")
            json.string(zone)
        }
        json.key("phases")
        json.beginArray()
        for phase in consultation.phases { write(phase, withState: withStates, into: &json) }
        json.endArray()
        json.endObject()
        buffer = json.buffer
    }

    private static func write(_ phase: PhaseEntry, withState: Bool, into json: inout JSONWriter) {
        let definition = phase.definition
        json.beginObject()
        json.key("id")
        json.string(definition.id)
        write(definition.title, into: &json)
        if withState {
            json.key("state")
            json.string(phase.state.name)
        }
        if let opens = definition.opensAt {
            json.key("opens_at")
            json.string(opens.text)
            json.key("opens_at_instant")
            json.instant(opens.instant)
        }
        if let closes = definition.closesAt {
            json.key("closes_at")
            json.string(closes.text)
            json.key("closes_at_instant")
            json.instant(closes.instant)
        }
        write(definition.ballot, into: &json)
        json.key("results")
        json.string(definition.results.name)
        json.key("proposals")
        json.beginArray()
        for proposal in definition.proposals {
            write(proposal, into: &json)
        }
        json.endArray()
        json.endObject()
    }

    private static func write(_ proposal: ProposalDefinition, into json: inout JSONWriter) {
        json.beginObject()
        json.key("id")
        json.string(proposal.id)
        write(proposal.title, into: &json)
        if let cost = proposal.cost {
            json.key("cost")
            json.integer(cost)
        }
        json.endObject()
    }

    private static func write(_ ballot: BallotRule, into json: inout JSONWriter) {
        json.key("ballot")
        json.beginObject()
        json.key("kind")
        json.string(ballot.kind.name)
        if ballot.kind == .choice {
            json.key("choices")
            json.beginArray()
            for choice in ballot.choices { json.string(choice) }
            json.endArray()
        }
        for case (let name, let limit?) in ballot.limits {
            json.key(name)
            json.integer(limit)
        }
        json.endObject()
    }

    private static func write(_ title: Title?, into json: inout JSONWriter) {
        switch title {
        case nil: return
        case .text(let text):
            json.key("title")
            json.string(text)
        case .byLanguage(let texts):
            json.key("title")
            json.beginObject()
            for text in texts {
                json.key(text.tag)
                json.string(text.text)
            }
            json.endObject()
        }
    }
}
