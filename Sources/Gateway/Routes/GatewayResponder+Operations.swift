import NIOCore
import TallyActors

extension GatewayResponder {
    func answerReadiness(_ exchange: Exchange, verbose: Bool) {
        let readiness = Readiness(context.service.status, isDraining: context.isDraining)
        exchange.respond(
            readiness.isReady ? StandardHeads.text : StandardHeads.unavailableText,
            body: ByteBuffer(string: readiness.text(verbose: verbose)))
    }

    func answerMetrics(_ exchange: Exchange) {
        let status = context.service.status
        let text = MetricsText.render(
            status, context.service.catalogue, context.meter, connections: context.connections())
        exchange.respond(StandardHeads.metrics, body: ByteBuffer(string: text))
    }
}

extension Exchange {
    /// The process runs, whether or not it serves.
    func answerLiveness(verbose: Bool) {
        let text = verbose ? "process: ok\n" : "ok\n"
        respond(StandardHeads.text, body: ByteBuffer(string: text))
    }

    func answerVersion(_ version: String) {
        var json = JSONWriter(ByteBuffer())
        json.beginObject()
        json.key("version")
        json.string(version)
        json.endObject()
        respond(StandardHeads.json, body: json.buffer)
    }
}
