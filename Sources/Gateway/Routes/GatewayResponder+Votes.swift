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

    func castBallot(
        _ exchange: Exchange, _ path: Route.PhasePath, _ account: Identifier, _ body: [UInt8]
    ) {
        let account = key(of: account)
        switch votes.ballot(of: account, at: path, body) {
        case .failure(.tooLarge):
            exchange.refuse(
                .tooLarge, "A ballot has at most \(CommandBatch.maximumBallotVotes) votes.")
        case .failure(let refusal): exchange.refuse(refusal)
        case .success(let (phase, votes)):
            submit(ballot: votes, of: account, in: phase, for: exchange)
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
                    var writer = JSONWriter(ByteBuffer())
                    writer.beginObject()
                    writer.carried(by: vote, in: catalogue.phase(vote.phase) ?? phase)
                    writer.endObject()
                    exchange.respond(StandardHeads.json, body: writer.buffer)
                })
        }
    }

    func answerAccountVotes(_ exchange: Exchange, _ account: Identifier) {
        guard let type = acceptedType(exchange, of: PersonalData.types) else { return }
        let service = context.service
        service.votes(
            of: key(of: account),
            hop(for: exchange) { _, exchange, held in
                if held.isDeleted { return exchange.refuse(.accountDeleted) }
                let data = PersonalData(
                    of: account, sequence: held.sequence, votes: held.votes, service.catalogue)
                if type == .csv {
                    exchange.respond(StandardHeads.personalRows, body: data.csv())
                } else {
                    exchange.respond(StandardHeads.personalData, body: data.json())
                }
            })
    }
}
