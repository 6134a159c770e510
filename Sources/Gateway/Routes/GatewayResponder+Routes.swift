import NIOCore
import TallyActors

// What each route does: at the head of the request, and, where its body matters, at its end.

extension GatewayResponder {
    func begin(_ exchange: Exchange, _ route: Route) {
        switch (route, exchange.method) {
        case (.live(let verbose), _): exchange.answerLiveness(verbose: verbose)
        case (.ready(let verbose), _): answerReadiness(exchange, verbose: verbose)
        case (.version, _): exchange.answerVersion(context.version)
        case (.metrics, _): answerMetrics(exchange)
        case (.consultations, _): answerConsultations(exchange)
        case (.consultation(let id), .get), (.consultation(let id), .head):
            answerConsultation(exchange, id)
        case (.tally(let scope), _): answerTally(exchange, scope)
        case (.seal(let path, let digest), _): answerSeal(exchange, path, digest: digest)
        case (.accountVotes(let account), _): answerAccountVotes(exchange, account)
        case (.vote(let path, let account), .get), (.vote(let path, let account), .head):
            answerVote(exchange, path, account)
        case (.vote(let path, let account), .put):
            exchange.context = votes.remember(exchange, path, account: account)
        case (.audit, _): answerAudit(exchange)
        case (.erasure, .get), (.erasure, .head): answerErasure(exchange)
        case (.vote, _), (.account, _), (.openPhase, _), (.closePhase, _), (.snapshot, _),
            (.proposal, _), (.consultation, _), (.ballot, _), (.erasure, _):
            exchange.context = CollectedRequest(route: route)
        case (.votes, _): startStream(exchange, route: .anyPhase)
        case (.deletions, _): startStream(exchange, route: nil)
        case (.phaseVotes(let path), _):
            switch context.service.catalogue.find(path) {
            case .failure(let refusal): exchange.refuse(refusal)
            case .success:
                startStream(
                    exchange,
                    route: .phase(consultation: path.consultation, phase: path.phase))
            }
        }
    }

    func begin(_ exchange: Exchange, _ vote: PendingVote) {
        guard carries(exchange, .json), isShort(exchange, CollectedBody.Limit.other) else {
            return
        }
        exchange.context = vote
    }

    /// Refuses a request whose content-type, length or accepted types do not fit its route, in the
    /// contract's order.
    func carriesWhat(_ route: Route, takes exchange: Exchange) -> Bool {
        switch (route, exchange.method) {
        case (.votes, _), (.deletions, _), (.phaseVotes, _): carries(exchange, .lines)
        case (.consultation, .put), (.proposal, _), (.vote, .put), (.ballot, _):
            carries(exchange, .json) && isShort(exchange, route.bodyLimit)
        case (.live, _), (.ready, _), (.metrics, _): true
        case (.accountVotes, _): acceptedType(exchange, of: PersonalData.types) != nil
        case (_, .get), (_, .head): acceptedType(exchange, of: [.json]) != nil
        default: isShort(exchange, route.bodyLimit)
        }
    }

    /// The request is complete, its body collected.
    func finish(_ exchange: Exchange, _ request: CollectedRequest) {
        if context.isDraining { return exchange.refuse(.draining) }
        switch request.route {
        case .vote(let path, let account):
            withdraw(exchange, path, account)
        case .ballot(let path, let account):
            castBallot(exchange, path, account, request.body.bytes)
        case .account(let account):
            submit(deletionOf: key(of: account), for: exchange)
        case .consultation(let id):
            if exchange.method == .delete {
                remove(exchange, id)
            } else {
                define(exchange, id, request.body.bytes)
            }
        case .proposal(let path): putProposal(exchange, path, request.body.bytes)
        case .snapshot: writeSnapshot(exchange)
        case .erasure: erase(exchange)
        case .openPhase(let path): move(exchange, .openPhase, path)
        case .closePhase(let path): move(exchange, .closePhase, path)
        default: preconditionFailure("a route without a body was collected")
        }
    }

    /// Refuses a body that says itself that it is over its limit.
    private func isShort(_ exchange: Exchange, _ limit: Int) -> Bool {
        guard let length = exchange.contentLength, length > limit else { return true }
        exchange.refuseBody(over: limit)
        return false
    }

    /// Refuses a request whose content-type is not the one that the route takes.
    private func carries(_ exchange: Exchange, _ type: MediaType) -> Bool {
        let isRight = exchange.withHeader(.contentType) { type.matches(contentType: $0) } ?? true
        if !isRight {
            exchange.refuse(.unsupportedMediaType, "This path takes \(type.name).")
        }
        return isRight
    }

    /// Refuses a request that accepts nothing of what the route answers.
    ///
    /// - Returns: the type that the client likes best; nil when it was refused.
    func acceptedType(_ exchange: Exchange, of types: [MediaType]) -> MediaType? {
        let field = exchange.withHeader(.accept) { AcceptedTypes($0) }
        guard let field else { return types.first }
        if let best = field.best(of: types) { return best }
        let names = types.map { "\($0.name)" }.joined(separator: " or ")
        exchange.refuse(.notAcceptable, "This path answers \(names).")
        return nil
    }

    func key(of account: Identifier) -> AccountKey {
        account.bytes.withUnsafeBytes { context.service.accountHash.key(of: $0) }
    }

    /// Comes back to the connection's event loop from wherever an answer arrived.
    func hop<Value: Sendable>(
        for exchange: Exchange, _ body: @escaping (GatewayResponder, Exchange, Value) -> Void
    ) -> @Sendable (Value) -> Void {
        let eventLoop = connection.eventLoop
        let bound = NIOLoopBound((self, exchange, body), eventLoop: eventLoop)
        return { value in
            eventLoop.execute {
                let (responder, exchange, body) = bound.value
                if exchange.isOpen { body(responder, exchange, value) }
            }
        }
    }
}
