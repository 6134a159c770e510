import NIOCore
import TallyActors

extension GatewayResponder {
    /// The body of a single vote is complete.
    func cast(_ exchange: Exchange, _ vote: PendingVote) {
        if context.isDraining { return exchange.refuse(.draining) }
        switch votes.command(vote) {
        case .failure(let refusal): exchange.refuse(refusal)
        case .success(let command): submit(command, for: exchange)
        }
    }

    func withdraw(_ exchange: Exchange, _ path: Route.ProposalPath, _ account: Identifier) {
        switch context.service.catalogue.find(path) {
        case .failure(let refusal): exchange.refuse(refusal)
        case .success(let (phase, proposal)):
            submit(
                .withdraw(key(of: account), phase: phase.number, proposal: proposal),
                for: exchange)
        }
    }

    func answerVote(_ exchange: Exchange, _ path: Route.ProposalPath, _ account: Identifier) {
        switch context.service.catalogue.find(path) {
        case .failure(let refusal): exchange.refuse(refusal)
        case .success(let (phase, proposal)):
            let place = VoteWord(phase: phase.number, proposal: proposal, value: 0).place
            context.service.votes(
                of: key(of: account),
                hop(for: exchange) { responder, exchange, held in
                    if held.isDeleted { return exchange.refuse(.accountDeleted) }
                    guard let vote = held.votes.first(where: { $0.place == place }) else {
                        return exchange.refuse(.noVote)
                    }
                    // The newest: the vote may be for a choice that `phase` does not have yet.
                    let catalogue = responder.context.service.catalogue
                    var body = ByteBuffer()
                    body.writeStaticString("{")
                    body.writeVoteFields(vote, of: catalogue.phase(vote.phase) ?? phase)
                    body.writeStaticString("}")
                    exchange.respond(StandardHeads.json, body: body)
                })
        }
    }

    func answerAccountVotes(_ exchange: Exchange, _ account: Identifier) {
        let service = context.service
        service.votes(
            of: key(of: account),
            hop(for: exchange) { _, exchange, held in
                if held.isDeleted { return exchange.refuse(.accountDeleted) }
                let body = PersonalData.json(account, held, service.catalogue)
                exchange.respond(StandardHeads.personalData, body: body)
            })
    }
}

extension ByteBuffer {
    /// What a vote of the phase carries, as fields of a JSON object; nothing for `support`.
    mutating func writeVoteFields(_ vote: VoteWord, of phase: PhaseEntry) {
        switch phase.kind {
        case .support: return
        case .choice:
            writeStaticString("\"choice\":")
            writeJSONString(phase.choiceNumbers[Int(vote.value)])
        }
    }
}
