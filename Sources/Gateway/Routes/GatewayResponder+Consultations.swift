import NIOCore
import TallyActors

extension GatewayResponder {
    func answerConsultations(_ exchange: Exchange) {
        var body = ByteBuffer()
        DefinitionAnswer.writeList(of: context.service.catalogue, into: &body)
        exchange.respond(StandardHeads.definition, body: body)
    }

    func answerConsultation(_ exchange: Exchange, _ id: Identifier) {
        guard let entry = context.service.catalogue.consultation(named: id) else {
            return exchange.refuse(.unknownConsultation)
        }
        // Not conditional: the tag leaves out the states, which the answer holds.
        exchange.respond(StandardHeads.definition, body: Self.json(of: entry)) {
            $0.add("etag", DefinitionAnswer.entityTag(of: entry))
        }
    }

    private static func json(of entry: ConsultationEntry) -> ByteBuffer {
        var body = ByteBuffer()
        DefinitionAnswer.write(entry, into: &body)
        return body
    }

    func define(_ exchange: Exchange, _ id: Identifier, _ body: [UInt8]) {
        let definition: ConsultationDefinition
        switch body.withUnsafeBytes({ DefinitionBody.consultation($0) }) {
        case .failure(let fault): return exchange.refuse(fault.refusal, fault.detail)
        case .success(let read): definition = read
        }
        let service = context.service
        let answered = hop(for: exchange) {
            (_, exchange, result: (outcome: CatalogueOutcome, entry: ConsultationEntry?)) in
            if case .refused(let refusal, let detail) = result.outcome {
                return exchange.refuse(refusal, detail)
            }
            guard let entry = result.entry else {
                preconditionFailure("a consultation that was just defined is gone")
            }
            exchange.respond(
                result.outcome == .created
                    ? StandardHeads.createdDefinition : StandardHeads.definition,
                body: Self.json(of: entry)
            ) { $0.add("etag", DefinitionAnswer.entityTag(of: entry)) }
        }
        let record = recording(.define, for: exchange, consultation: id)
        service.perform(
            .define(consultation: id, definition: definition),
            precondition: Self.condition(of: exchange, on: id)
        ) { outcome, sequence in
            record(outcome, sequence)
            // Here, where no later command was applied yet: one of them may remove it again.
            answered((outcome, service.catalogue.consultation(named: id)))
        }
    }

    /// What writes down an act when it is decided, whether or not the client still waits.
    private func recording(
        _ act: AuditEntry.Act, for exchange: Exchange, consultation: Identifier,
        phase: Identifier? = nil, proposal: Identifier? = nil
    ) -> @Sendable (CatalogueOutcome, UInt64) -> Void {
        let audit = context.audit
        var entry = entry(act, for: exchange)
        entry.consultation = consultation
        entry.phase = phase
        entry.proposal = proposal
        let begun = entry
        return { outcome, sequence in
            var entry = begun
            entry.sequence = sequence
            entry.outcome = outcome.auditName
            audit.record(entry)
        }
    }

    func remove(_ exchange: Exchange, _ id: Identifier) {
        perform(
            .remove(consultation: id), if: Self.removalCondition(of: exchange, on: id),
            for: exchange, recording: recording(.remove, for: exchange, consultation: id)
        ) { exchange, outcome, sequence in
            guard outcome == .removed else { preconditionFailure("a removal did something else") }
            let text = "{\"outcome\":\"removed\",\"sequence\":\(sequence)}"
            exchange.respond(StandardHeads.json, body: ByteBuffer(string: text))
        }
    }

    /// Performs a command, and answers with why it was refused, or as `answer` does.
    private func perform(
        _ command: CatalogueCommand, if condition: (@Sendable (Catalogue) -> Bool)? = nil,
        for exchange: Exchange,
        recording record: @escaping @Sendable (CatalogueOutcome, UInt64) -> Void,
        _ answer: @escaping (Exchange, CatalogueOutcome, UInt64) -> Void
    ) {
        let answered = hop(for: exchange) {
            (_, exchange, result: (outcome: CatalogueOutcome, sequence: UInt64)) in
            if case .refused(let refusal, let detail) = result.outcome {
                return exchange.refuse(refusal, detail)
            }
            answer(exchange, result.outcome, result.sequence)
        }
        context.service.perform(command, precondition: condition) { outcome, sequence in
            record(outcome, sequence)
            answered((outcome, sequence))
        }
    }

    /// What cannot be removed at all is refused for that, whatever its tag (RFC 9110, 13.2.1).
    private static func removalCondition(
        of exchange: Exchange, on id: Identifier
    ) -> (@Sendable (Catalogue) -> Bool)? {
        guard let condition = condition(of: exchange, on: id) else { return nil }
        return { catalogue in
            let entry = catalogue.consultation(named: id)
            let isOver = entry?.phases.allSatisfy { $0.state == .closed } ?? false
            return !isOver || condition(catalogue)
        }
    }

    func putProposal(_ exchange: Exchange, _ path: Route.ProposalPath, _ body: [UInt8]) {
        switch body.withUnsafeBytes({ DefinitionBody.proposal($0, id: path.proposal) }) {
        case .failure(let fault):
            let place = Route.PhasePath(consultation: path.consultation, phase: path.phase)
            let found = context.service.catalogue.find(place)
            if fault.refusal != .malformed, case .failure(let refusal) = found {
                return exchange.refuse(refusal)
            }
            exchange.refuse(fault.refusal, fault.detail)
        case .success(let proposal):
            perform(
                .putProposal(
                    consultation: path.consultation, phase: path.phase, proposal: proposal),
                for: exchange,
                recording: recording(
                    .putProposal, for: exchange, consultation: path.consultation,
                    phase: path.phase, proposal: path.proposal)
            ) { exchange, outcome, _ in
                exchange.respond(
                    outcome == .created ? StandardHeads.createdJSON : StandardHeads.json,
                    body: DefinitionAnswer.json(of: proposal))
            }
        }
    }

    /// Opens or closes a phase.
    func move(_ exchange: Exchange, _ act: AuditEntry.Act, _ path: Route.PhasePath) {
        let command: CatalogueCommand =
            act == .openPhase
            ? .openPhase(consultation: path.consultation, phase: path.phase)
            : .closePhase(consultation: path.consultation, phase: path.phase)
        perform(
            command, for: exchange,
            recording: recording(
                act, for: exchange, consultation: path.consultation, phase: path.phase)
        ) { exchange, outcome, sequence in
            guard case .state(let state) = outcome else {
                preconditionFailure("a transition did something else")
            }
            let text = "{\"state\":\"\(state.name)\",\"sequence\":\(sequence)}"
            exchange.respond(StandardHeads.json, body: ByteBuffer(string: text))
        }
    }

    /// What `If-Match` and `If-None-Match` ask of the definition at the command's position.
    private static func condition(
        of exchange: Exchange, on id: Identifier
    ) -> (@Sendable (Catalogue) -> Bool)? {
        let match = exchange.withHeader(.ifMatch) { Array($0) }
        let noneMatch = exchange.withHeader(.ifNoneMatch) { Array($0) }
        if match == nil && noneMatch == nil { return nil }
        return { catalogue in
            let entry = catalogue.consultation(named: id)
            let tag = entry.map { DefinitionAnswer.entityTag(of: $0) }
            if let match {
                guard let tag else { return false }
                let isMatched = match.withUnsafeBytes { EntityTag.matchesStrongly($0, tag) }
                if !isMatched { return false }
            }
            if let noneMatch, let tag {
                return !noneMatch.withUnsafeBytes { EntityTag.matches($0, tag) }
            }
            return true
        }
    }
}

extension CatalogueOutcome {
    /// As the audit log names it.
    fileprivate var auditName: String {
        switch self {
        case .created: "created"
        case .updated: "updated"
        case .removed: "removed"
        case .state(let state): state.name
        case .refused(let refusal, _): refusal.rawValue
        }
    }
}
