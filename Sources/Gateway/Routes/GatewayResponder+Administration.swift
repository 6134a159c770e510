import NIOCore
import TallyActors

extension GatewayResponder {
    func writeSnapshot(_ exchange: Exchange) {
        let answered = hop(for: exchange) { (_, exchange, result: Result<UInt64, Refusal>) in
            switch result {
            case .failure(let refusal): exchange.refuse(refusal)
            case .success(let sequence):
                let text = "{\"sequence\":\(sequence)}"
                exchange.respond(StandardHeads.json, body: ByteBuffer(string: text))
            }
        }
        context.service.snapshot(
            reply: recording(.writeSnapshot, for: exchange, sequence: { $0 }, answered))
    }

    /// What writes down an act when it is done, whether or not the client still waits, and then answers.
    ///
    /// - Parameter sequence: the position that the act reached, if it has one.
    private func recording<Value>(
        _ act: AuditEntry.Act, for exchange: Exchange,
        sequence: @escaping @Sendable (Value) -> UInt64? = { _ in nil },
        _ answered: @escaping @Sendable (Result<Value, Refusal>) -> Void
    ) -> @Sendable (Result<Value, Refusal>) -> Void {
        let audit = context.audit
        let begun = entry(act, for: exchange)
        return { result in
            var entry = begun
            switch result {
            case .failure(let refusal): entry.outcome = refusal.rawValue
            case .success(let value): entry.sequence = sequence(value)
            }
            audit.record(entry)
            answered(result)
        }
    }

    /// An act that a request asked for, as the audit log has it.
    func entry(_ act: AuditEntry.Act, for exchange: Exchange) -> AuditEntry {
        guard let identity = exchange.identity else {
            preconditionFailure("an act that nobody asked for")
        }
        return AuditEntry(act, by: identity.bearer, outcome: "done")
    }

    /// How many deletions are not yet physical, and until when they will be.
    func answerErasure(_ exchange: Exchange) {
        context.service.erasure(reply: erasureReply(exchange))
    }

    /// Makes them physical, then says the same.
    func erase(_ exchange: Exchange) {
        context.service.erase(reply: recording(.erase, for: exchange, erasureReply(exchange)))
    }

    private func erasureReply(
        _ exchange: Exchange
    ) -> @Sendable (Result<ErasureStatus, Refusal>) -> Void {
        hop(for: exchange) { _, exchange, result in
            switch result {
            case .failure(let refusal): exchange.refuse(refusal)
            case .success(let erasure):
                var json = JSONWriter(ByteBuffer())
                json.beginObject()
                json.key("pending")
                json.integer(erasure.pending)
                json.key("until")
                if let until = erasure.until { json.instant(until) } else { json.null() }
                json.endObject()
                exchange.respond(StandardHeads.json, body: json.buffer)
            }
        }
    }

    /// What the self-audit last checked.
    func answerAudit(_ exchange: Exchange) {
        let audit = context.service.status.sequencer.audit
        var json = JSONWriter(ByteBuffer())
        json.beginObject()
        json.key("audits")
        json.integer(audit.audits)
        json.key("sequence")
        json.integer(audit.sequence)
        json.key("checked_at")
        if let checkedAt = audit.checkedAt { json.instant(checkedAt) } else { json.null() }
        json.key("difference")
        if let difference = audit.difference { json.string(difference) } else { json.null() }
        json.endObject()
        exchange.respond(StandardHeads.json, body: json.buffer)
    }
}
