import Persistence

/// Commands on accounts in words, with the names that a catalogue has for their numbers.
struct PlaceNames {
    var catalogue: Catalogue?

    func words(_ command: Command) -> String {
        let account = "account \(Self.digits(command.account))"
        return switch command.operation {
        case .castNothing, .castChoice, .castRank, .castPoints:
            "\(account) \(vote(command)) in \(phase(command.vote))"
        case .withdraw:
            "\(account) withdraws its vote on \(proposal(command.vote)) in \(phase(command.vote))"
        case .deleteAccount:
            "\(account) is deleted"
        case .ballot:
            ballot(of: account, command.vote)
        case nil:
            "\(account): an operation that this version does not know"
        }
    }

    private func ballot(of account: String, _ vote: VoteWord) -> String {
        switch vote.value {
        case 0: "\(account) empties its ballot in \(phase(vote))"
        case 1: "\(account) puts a whole ballot of 1 vote in \(phase(vote)):"
        default: "\(account) puts a whole ballot of \(vote.value) votes in \(phase(vote)):"
        }
    }

    /// What a cast says, without whose it is and where.
    func vote(_ command: Command) -> String {
        let vote = command.vote
        let proposal = proposal(vote)
        return switch command.operation?.content {
        case .nothing: "votes for \(proposal)"
        case .choice: "votes \(choice(vote)) on \(proposal)"
        case .rank: "gives the rank \(vote.value) to \(proposal)"
        case .points: "gives \(vote.value) points to \(proposal)"
        case nil: "says something on \(proposal) that this version does not know"
        }
    }

    private func phase(_ vote: VoteWord) -> String {
        guard let entry = catalogue?.phase(vote.phase) else { return "phase number \(vote.phase)" }
        return "the phase \(RecordWords.quoted(entry.id)) of "
            + RecordWords.quoted(entry.consultation)
    }

    private func proposal(_ vote: VoteWord) -> String {
        let entry = catalogue?.phase(vote.phase)
        guard let definition = entry?.proposalDefinition(vote.proposal) else {
            return "proposal number \(vote.proposal)"
        }
        return "the proposal \(RecordWords.quoted(definition.id))"
    }

    private func choice(_ vote: VoteWord) -> String {
        guard let choices = catalogue?.phase(vote.phase)?.choiceNumbers,
            Int(vote.value) < choices.count
        else { return "choice number \(vote.value)" }
        return RecordWords.quoted(choices[Int(vote.value)])
    }

    /// 32 hexadecimal digits, in the order of the bytes.
    private static func digits(_ account: AccountKey) -> String {
        [account.low, account.high].map { HexDigits.of($0.byteSwapped, count: 16) }.joined()
    }
}
