import tally

/// The rules in their plainest form, to compare the generators' own counts with.
struct NaivePoll {
    private let kind: BallotKind
    /// By account, the option by proposal.
    private var votes: [Int: [Int: Int]] = [:]
    private var deleted: Set<Int> = []
    private(set) var refused = 0
    private(set) var retracted = 0
    private(set) var firstVotes = 0

    init(_ kind: BallotKind) {
        self.kind = kind
    }

    mutating func apply(_ command: VoteCommand, _ book: BallotBook) {
        var ballot = votes[command.account] ?? [:]
        switch command.action {
        case .cast(let option):
            if ballot.updateValue(option, forKey: command.proposal) == nil { firstVotes += 1 }
        case .withdraw:
            if ballot.removeValue(forKey: command.proposal) == nil { return refused += 1 }
        case .castBallot(let number):
            let entries = book.ballots[number]
            ballot = Dictionary(
                uniqueKeysWithValues: entries.map { ($0.proposal, $0.option) })
        }
        if deleted.contains(command.account) || !isAllowed(ballot) {
            refused += 1
        } else {
            votes[command.account] = ballot
        }
    }

    private func isAllowed(_ ballot: [Int: Int]) -> Bool {
        let numbers = ballot.values.map { $0 + 1 }
        guard ballot.count <= 1024, numbers.allSatisfy({ $0 > 0 }) else { return false }
        switch kind {
        case .support(let maxVotes):
            return ballot.count <= maxVotes ?? ballot.count
        case .choice(let choices):
            return numbers.allSatisfy { $0 <= choices.count }
        case .budget(let budget):
            // As the made-up proposals cost.
            return ballot.keys.reduce(0) { $0 + ($1 % 9 + 1) * 1000 } <= budget
        case .ranking(let maxVotes):
            return numbers.allSatisfy { $0 <= maxVotes } && Set(numbers).count == numbers.count
        case .points(let maxVotes, let maxPoints, let maxEach):
            return ballot.count <= maxVotes ?? ballot.count
                && numbers.allSatisfy { $0 <= maxEach ?? $0 }
                && numbers.reduce(0, +) <= maxPoints ?? .max
        }
    }

    mutating func delete(_ account: Int) {
        deleted.insert(account)
        retracted += votes.removeValue(forKey: account)?.count ?? 0
    }

    func tally(proposals: Int) -> ExpectedTally {
        var tally = ExpectedTally(proposals: proposals, kind: kind)
        for ballot in votes.values where !ballot.isEmpty {
            tally.voters += 1
            for (proposal, option) in ballot {
                switch kind {
                case .support, .choice, .budget:
                    tally[proposal, option] += 1
                case .ranking(let maxVotes):
                    tally[proposal, 0] += 1
                    tally[proposal, 1] += maxVotes - (option + 1) + 1
                case .points:
                    tally[proposal, 0] += 1
                    tally[proposal, 1] += option + 1
                }
            }
        }
        return tally
    }

    /// Plays a script to its end. `lag` lines of votes are always unacknowledged, until nothing else goes on.
    mutating func play<Script: CommandScript>(
        _ script: inout Script, _ book: BallotBook = BallotBook(), lag: Int = 0, stopAt: Int? = nil
    ) {
        var acknowledged = Acknowledged()
        var sent = Acknowledged()
        while !script.votesAreOver || !script.deletionsAreOver {
            var isIdle = true
            if let command = script.nextVote(acknowledged) {
                isIdle = false
                sent.votes += 1
                precondition(command.follows < sent.votes, "follows a line that is not there yet")
                apply(command, book)
            }
            while let account = script.nextDeletion(acknowledged) {
                isIdle = false
                sent.deletions += 1
                delete(account)
            }
            if isIdle {
                precondition(
                    acknowledged != sent || script.votesAreOver && script.deletionsAreOver,
                    "the script waits for nothing")
                acknowledged = sent
            } else {
                acknowledged.votes = max(acknowledged.votes, sent.votes - lag)
            }
            if sent.votes == stopAt { script.stop() }
        }
    }
}
