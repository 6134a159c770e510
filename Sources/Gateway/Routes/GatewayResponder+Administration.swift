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
                var body = ByteBuffer()
                body.writeStaticString("{\"pending\":")
                body.writeDecimal(erasure.pending)
                body.writeStaticString(",\"until\":")
                body.writeInstantOrNull(erasure.until)
                body.writeStaticString("}")
                exchange.respond(StandardHeads.json, body: body)
            }
        }
    }

    /// What the self-audit last checked.
    func answerAudit(_ exchange: Exchange) {
        let audit = context.service.status.sequencer.audit
        var body = ByteBuffer()
        body.writeStaticString("{\"audits\":")
        body.writeDecimal(audit.audits)
        body.writeStaticString(",\"sequence\":")
        body.writeDecimal(audit.sequence)
        body.writeStaticString(",\"checked_at\":")
        body.writeInstantOrNull(audit.checkedAt)
        body.writeStaticString(",\"difference\":")
        if let difference = audit.difference {
            body.writeJSONString(Identifier(validated: difference.utf8))
        } else {
            body.writeStaticString("null")
        }
        body.writeStaticString("}")
        exchange.respond(StandardHeads.json, body: body)
    }
}

extension ByteBuffer {
    fileprivate mutating func writeInstantOrNull(_ instant: Instant?) {
        guard let instant else {
            writeStaticString("null")
            return
        }
        writeStaticString("\"")
        writeInstant(instant)
        writeStaticString("\"")
    }
}
