import NIOCore
import TallyActors

extension GatewayResponder {
    func answerVersion(_ exchange: Exchange) {
        var body = ByteBuffer()
        body.writeStaticString("{\"version\":")
        body.writeJSONString(Identifier(validated: context.version.utf8))
        body.writeStaticString("}")
        exchange.respond(StandardHeads.json, body: body)
    }

    func answerReadiness(_ exchange: Exchange, verbose: Bool) {
        let readiness = Readiness(context.service.status, isDraining: context.isDraining)
        exchange.respond(
            readiness.isReady ? StandardHeads.text : StandardHeads.unavailableText,
            body: ByteBuffer(string: readiness.text(verbose: verbose)))
    }

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

    func answerMetrics(_ exchange: Exchange) {
        let status = context.service.status
        let text = MetricsText.render(status, context.service.catalogue)
        exchange.respond(StandardHeads.metrics, body: ByteBuffer(string: text))
    }
}
