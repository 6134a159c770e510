package import NIOCore
package import TallyActors

/// Everything held about an account, as the person may download it.
package struct PersonalData {
    /// The first is what a client gets that does not choose.
    static let types: [MediaType] = [.json, .csv]

    private struct Row {
        var phase: PhaseEntry
        var proposal: Identifier
        var vote: VoteWord
        /// False of a vote that is kept but pending.
        var isCounted: Bool
    }

    private let account: Identifier
    private let sequence: UInt64
    private var rows: [Row] = []

    /// - Parameters:
    ///   - votes: all that the account held at the position `sequence`, sorted by phase.
    ///   - catalogue: one that is at least as new as the votes.
    package init(
        of account: Identifier, sequence: UInt64, votes: [VoteWord], _ catalogue: Catalogue
    ) {
        self.account = account
        self.sequence = sequence
        rows.reserveCapacity(votes.count)
        var rest = votes[...]
        while let first = rest.first {
            // They lie side by side: how many there are decides whether they count.
            let votes = rest.prefix { $0.phase == first.phase }
            rest = rest[votes.endIndex...]
            // Of a phase that was removed nothing is held any more, whatever its rows say.
            guard let phase = catalogue.phase(first.phase) else { continue }
            let isCounted = phase.counts(votes: votes.count)
            for vote in votes {
                guard let proposal = phase.proposalDefinition(vote.proposal) else {
                    preconditionFailure("a vote on a proposal that was removed")
                }
                rows.append(
                    Row(phase: phase, proposal: proposal.id, vote: vote, isCounted: isCounted))
            }
        }
    }

    package func json() -> ByteBuffer {
        var writer = JSONWriter(
            ByteBufferAllocator().buffer(capacity: 256 + 128 * rows.count))
        writer.beginObject()
        writer.key("account")
        writer.string(account)
        writer.key("sequence")
        writer.integer(sequence)
        writer.key("votes")
        writer.beginArray()
        for row in rows {
            writer.beginObject()
            writer.key("consultation")
            writer.string(row.phase.consultation)
            writer.key("phase")
            writer.string(row.phase.id)
            writer.key("proposal")
            writer.string(row.proposal)
            writer.carried(by: row.vote, in: row.phase)
            writer.key("counted")
            writer.boolean(row.isCounted)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.buffer
    }

    /// RFC 4180, with a header.
    package func csv() -> ByteBuffer {
        var body = ByteBufferAllocator().buffer(capacity: 64 + 64 * rows.count)
        body.writeStaticString("consultation,phase,proposal,value,counted\r\n")
        for row in rows {
            body.writeCSVField(row.phase.consultation)
            body.writeStaticString(",")
            body.writeCSVField(row.phase.id)
            body.writeStaticString(",")
            body.writeCSVField(row.proposal)
            body.writeStaticString(",")
            switch row.phase.kind.content {
            case .nothing: break
            case .choice: body.writeCSVField(row.phase.choiceNumbers[Int(row.vote.value)])
            case .rank, .points: body.writeDecimal(UInt64(row.vote.value))
            }
            body.writeStaticString(row.isCounted ? ",true\r\n" : ",false\r\n")
        }
        return body
    }
}

extension JSONWriter {
    /// What a vote of the phase carries, as members of the object that is being written.
    mutating func carried(by vote: VoteWord, in phase: PhaseEntry) {
        switch phase.kind.content {
        case .nothing: return
        case .choice:
            key("choice")
            string(phase.choiceNumbers[Int(vote.value)])
        case .rank:
            key("rank")
            integer(UInt64(vote.value))
        case .points:
            key("points")
            integer(UInt64(vote.value))
        }
    }
}
