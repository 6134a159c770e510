import NIOCore
import TallyActors

extension GatewayResponder {
    /// Answers from a cut, so that a seal is there as soon as its closing was acknowledged, and
    /// `tally-sequence` is a position that knows of it.
    func answerSeal(_ exchange: Exchange, _ path: Route.PhasePath, digest: String?) {
        if let cut = context.service.currentCut() {
            return answerSeal(exchange, path, digest: digest, cut)
        }
        context.service.withCut(
            hop(for: exchange) { responder, exchange, cut in
                responder.answerSeal(exchange, path, digest: digest, cut)
            })
    }

    private func answerSeal(
        _ exchange: Exchange, _ path: Route.PhasePath, digest: String?, _ cut: Cut
    ) {
        let found = SealSearch.find(
            in: cut.catalogue, consultation: path.consultation, phase: path.phase, digest: digest)
        switch found {
        case .failure(let failure): exchange.refuse(failure.refusal, failure.detail)
        case .success(let seal):
            // What a seal holds is its digest: the strongest tag there is.
            exchange.respond(
                tagged: "\"\(seal.digest)\"", at: cut.sequence,
                body: { ByteBuffer(bytes: seal.bytes) })
        }
    }
}
