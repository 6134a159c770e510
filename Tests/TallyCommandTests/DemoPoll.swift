import tally

/// The plain rules with accounts as the first key, since the story deletes thousands of them.
struct DemoPoll {
    private var ballots: [Int: [Int: Int]] = [:]
    private var deleted: Set<Int> = []
    private(set) var refused = 0
    private(set) var retracted = 0
    private(set) var votes = 0
    private(set) var deletions = 0

    mutating func play(_ script: inout DemoScript) {
        var sent = Acknowledged()
        while !script.votesAreOver || !script.deletionsAreOver {
            let acknowledged = sent
            if let command = script.nextVote(acknowledged) {
                sent.votes += 1
                apply(command)
            }
            while let account = script.nextDeletion(acknowledged) {
                sent.deletions += 1
                deleted.insert(account)
                retracted += ballots.removeValue(forKey: account)?.count ?? 0
            }
            precondition(sent != acknowledged, "the script waits for nothing")
        }
        votes += sent.votes
        deletions += sent.deletions
    }

    private mutating func apply(_ command: VoteCommand) {
        guard !deleted.contains(command.account) else {
            refused += 1
            return
        }
        switch command.action {
        case .cast(let option):
            ballots[command.account, default: [:]][command.proposal] = option
        case .castBallot:
            preconditionFailure("a whole ballot in a story of single votes")
        case .withdraw:
            if ballots[command.account]?.removeValue(forKey: command.proposal) == nil {
                refused += 1
            }
        }
    }

    func tally(_ figures: OfficialFigures) -> ExpectedTally {
        var tally = ExpectedTally(
            proposals: figures.opinions.count, kind: .choice(OfficialFigures.choices))
        for ballot in ballots.values where !ballot.isEmpty {
            tally.voters += 1
            for (proposal, option) in ballot { tally[proposal, option] += 1 }
        }
        return tally
    }
}
