import NIOCore
import TallyActors

/// Everything held about an account, as the person may download it.
enum PersonalData {
    static func json(
        _ account: Identifier, _ held: AccountVotes, _ catalogue: Catalogue
    ) -> ByteBuffer {
        var body = ByteBufferAllocator().buffer(capacity: 256 + 128 * held.votes.count)
        body.writeStaticString("{\"account\":")
        body.writeJSONString(account)
        body.writeStaticString(",\"sequence\":")
        body.writeDecimal(held.sequence)
        body.writeStaticString(",\"votes\":[")
        for (index, vote) in held.votes.enumerated() {
            guard let phase = catalogue.phase(vote.phase),
                let proposal = phase.proposalDefinition(vote.proposal)
            else { preconditionFailure("a vote on something that was removed") }
            if index > 0 { body.writeStaticString(",") }
            body.writeStaticString("{\"consultation\":")
            body.writeJSONString(phase.consultation)
            body.writeStaticString(",\"phase\":")
            body.writeJSONString(phase.id)
            body.writeStaticString(",\"proposal\":")
            body.writeJSONString(proposal.id)
            body.writeStaticString(",")
            let before = body.writerIndex
            body.writeVoteFields(vote, of: phase)
            if body.writerIndex > before { body.writeStaticString(",") }
            body.writeStaticString("\"counted\":true}")
        }
        body.writeStaticString("]}")
        return body
    }
}
