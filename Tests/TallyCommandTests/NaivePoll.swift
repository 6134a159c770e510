import tally

/// The rules in their plainest form, to compare the generators' own counts with.
struct NaivePoll {
    private struct Place: Hashable {
        var account: Int
        var proposal: Int
    }

    private var votes: [Place: Int] = [:]
    private var deleted: Set<Int> = []
    private(set) var refused = 0
    private(set) var retracted = 0
    private(set) var firstVotes = 0

    mutating func apply(_ command: VoteCommand) {
        guard !deleted.contains(command.account) else {
            refused += 1
            return
        }
        let place = Place(account: command.account, proposal: command.proposal)
        switch command.action {
        case .cast(let option):
            if votes.updateValue(option, forKey: place) == nil { firstVotes += 1 }
        case .withdraw:
            if votes.removeValue(forKey: place) == nil { refused += 1 }
        }
    }

    mutating func delete(_ account: Int) {
        deleted.insert(account)
        for place in votes.keys where place.account == account {
            votes[place] = nil
            retracted += 1
        }
    }

    func tally(proposals: Int, options: Int) -> ExpectedTally {
        var tally = ExpectedTally(proposals: proposals, options: options)
        for (place, option) in votes { tally[place.proposal, option] += 1 }
        tally.voters = Set(votes.keys.map(\.account)).count
        return tally
    }

    /// Plays a script to its end. `lag` lines of votes are always unacknowledged, until nothing else goes on.
    mutating func play<Script: CommandScript>(
        _ script: inout Script, lag: Int = 0, stopAt: Int? = nil
    ) {
        var acknowledged = Acknowledged()
        var sent = Acknowledged()
        while !script.votesAreOver || !script.deletionsAreOver {
            var isIdle = true
            if let command = script.nextVote(acknowledged) {
                isIdle = false
                sent.votes += 1
                precondition(command.follows < sent.votes, "follows a line that is not there yet")
                apply(command)
            }
            while let account = script.nextDeletion(acknowledged) {
                isIdle = false
                sent.deletions += 1
                delete(account)
            }
            if isIdle {
                precondition(acknowledged != sent, "the script waits for nothing")
                acknowledged = sent
            } else {
                acknowledged.votes = max(acknowledged.votes, sent.votes - lag)
            }
            if sent.votes == stopAt { script.stop() }
        }
    }
}
