import NIOCore

/// The part of the story that one stream tells: the accounts whose number leaves `lane` when divided by `lanes`.
package struct DemoScript: CommandScript {
    private struct Deletion {
        var account: Int
        /// Comes when so many votes of the story are sent and acknowledged.
        var after: Int
        var late: VoteCommand?
    }

    private var votes: [VoteCommand] = []
    private var deletions: [Deletion] = []
    private var nextVote = 0
    private var lines = 0
    private var nextDeletion = 0
    /// Line numbers of the votes of the story are their places, moved by the late votes sent before: the place
    /// (from 1) and the line of the newest ones that deletions wait for.
    private var waiting = CircularBuffer<(deletion: Int, line: Int)>()
    private var passed = 0
    /// By the number of the deletion (from 1) that must be acknowledged before.
    private var late = CircularBuffer<(deletion: Int, command: VoteCommand)>()
    private var sentDeletions = 0

    package init(_ story: DemoStory, lane: Int, of lanes: Int) {
        for event in story.events where event.account % lanes == lane {
            switch event.kind {
            case .vote(let command):
                votes.append(command)
            case .deletion(let command):
                deletions.append(
                    Deletion(account: event.account, after: votes.count, late: command))
            }
        }
        passDeletions()
    }

    package var votesAreOver: Bool {
        nextVote == votes.count && late.isEmpty && deletionsAreOver
    }

    package var deletionsAreOver: Bool { sentDeletions == deletions.count }

    package mutating func nextVote(_ acknowledged: Acknowledged) -> VoteCommand? {
        if let first = late.first, first.deletion <= acknowledged.deletions {
            late.removeFirst()
            lines += 1
            return first.command
        }
        guard nextVote < votes.count else { return nil }
        let command = votes[nextVote]
        nextVote += 1
        lines += 1
        passDeletions()
        return command
    }

    package mutating func nextDeletion(_ acknowledged: Acknowledged) -> Int? {
        guard let first = waiting.first, first.line <= acknowledged.votes else { return nil }
        waiting.removeFirst()
        sentDeletions += 1
        let deletion = deletions[first.deletion]
        if let command = deletion.late { late.append((sentDeletions, command)) }
        return deletion.account
    }

    package mutating func stop() {
        nextVote = votes.count
        late.removeAll()
        waiting.removeAll()
        sentDeletions = deletions.count
    }

    /// Deletions whose votes are all sent wait for the acknowledgement of the last line.
    private mutating func passDeletions() {
        while passed < deletions.count, deletions[passed].after <= nextVote {
            waiting.append((passed, lines))
            passed += 1
        }
    }
}
