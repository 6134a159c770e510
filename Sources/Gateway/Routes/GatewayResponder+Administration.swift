import NIOCore
import TallyActors

extension GatewayResponder {
    func writeSnapshot(_ exchange: Exchange) {
        context.service.snapshot(
            reply: hop(for: exchange) { _, exchange, result in
                switch result {
                case .failure(let refusal): exchange.refuse(refusal)
                case .success(let sequence):
                    let text = "{\"sequence\":\(sequence)}"
                    exchange.respond(StandardHeads.json, body: ByteBuffer(string: text))
                }
            })
    }

    /// How many deletions are not yet physical, and until when they will be.
    func answerErasure(_ exchange: Exchange) {
        context.service.erasure(reply: erasureReply(exchange))
    }

    /// Makes them physical, then says the same.
    func erase(_ exchange: Exchange) {
        context.service.erase(reply: erasureReply(exchange))
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
