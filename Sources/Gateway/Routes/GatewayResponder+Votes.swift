import NIOCore
import TallyActors

extension GatewayResponder {
    func cast(
        _ exchange: Exchange, _ path: Route.ProposalPath, _ account: Identifier, _ body: [UInt8]
    ) {
        let found = find(path)
        let place: UnaryVote.Place =
            switch found {
            case .failure(let refusal): .unknown(refusal)
            case .success(let (phase, _)): .phase(phase)
            }
        let reading = body.withUnsafeBytes { UnaryVote.read($0, at: place) }
        switch (reading, found) {
        case (.refused(let refusal), _), (_, .failure(let refusal)): exchange.refuse(refusal)
        case (.value(let value), .success(let (phase, proposal))):
            submit(
                .cast(
                    key(of: account), phase: phase.number, proposal: proposal, value: value),
                for: exchange)
        }
    }

    func withdraw(_ exchange: Exchange, _ path: Route.ProposalPath, _ account: Identifier) {
        switch find(path) {
        case .failure(let refusal): exchange.refuse(refusal)
        case .success(let (phase, proposal)):
            submit(
                .withdraw(key(of: account), phase: phase.number, proposal: proposal),
                for: exchange)
        }
    }

    func answerVote(_ exchange: Exchange, _ path: Route.ProposalPath, _ account: Identifier) {
        switch find(path) {
        case .failure(let refusal): exchange.refuse(refusal)
        case .success(let (phase, proposal)):
            let place = VoteWord(phase: phase.number, proposal: proposal, value: 0).place
            context.service.votes(
                of: key(of: account),
                hop(for: exchange) { _, exchange, held in
                    if held.isDeleted { return exchange.refuse(.accountDeleted) }
                    guard let vote = held.votes.first(where: { $0.place == place }) else {
                        return exchange.refuse(.noVote)
                    }
                    var body = ByteBuffer()
                    body.writeStaticString("{")
                    body.writeVoteFields(vote, of: phase)
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
