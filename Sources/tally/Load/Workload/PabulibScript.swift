import NIOCore

/// The share of an election that one stream sends: every so-many-th voter, with the made-up account that comes
/// with some of them. What replaces a ballot, and the deletion of an account, follow at a distance.
package struct PabulibScript: CommandScript {
    /// Voters between a first ballot and the final one.
    package static let distance = 512

    private struct FollowUp {
        /// When so many voters have come.
        var due: Int
        var account: Int
        /// The ballot to cast; nil: the account is to be deleted.
        var ballot: Int?
        /// The first vote of the ballot before is withdrawn, by itself, before the ballot is replaced.
        var withdrawn: Int?
        /// The line of the ballot before.
        var line: Int
    }

    private let replay: PabulibReplay
    private let lanes: Int
    private var voter: Int
    private var came = 0
    private var lines = 0
    /// The made-up account that comes next.
    private var visitor: VoteCommand?
    private var followUps = CircularBuffer<FollowUp>()
    private var leaving = CircularBuffer<(account: Int, line: Int)>()

    /// Final ballots that were sent.
    package private(set) var ballots = 0
    package private(set) var changed = 0
    package private(set) var leavers = 0
    /// Votes that the deletions must find.
    package private(set) var retracted = 0

    package init(_ replay: PabulibReplay, lane: Int, of lanes: Int) {
        self.replay = replay
        self.lanes = lanes
        voter = lane
    }

    private var everyoneCame: Bool { visitor == nil && voter >= replay.voters }

    package var votesAreOver: Bool { everyoneCame && followUps.isEmpty }
    package var deletionsAreOver: Bool { votesAreOver && leaving.isEmpty }

    package mutating func nextVote(_ acknowledged: Acknowledged) -> VoteCommand? {
        while let next = followUps.first, next.due <= came || everyoneCame {
            followUps.removeFirst()
            if let command = follow(next) { return send(command) }
        }
        if let command = visitor {
            visitor = nil
            followUps.append(
                FollowUp(
                    due: came + Self.distance, account: command.account, ballot: nil,
                    line: lines + 1))
            return send(command)
        }
        while visitor == nil, voter < replay.voters {
            if let command = next() { return send(command) }
        }
        // The made-up account, or what is due only now that nobody comes any more.
        return votesAreOver ? nil : nextVote(acknowledged)
    }

    package mutating func nextDeletion(_ acknowledged: Acknowledged) -> Int? {
        guard let first = leaving.first, first.line <= acknowledged.votes else { return nil }
        leaving.removeFirst()
        return first.account
    }

    package mutating func stop() {
        voter = replay.voters
        visitor = nil
    }

    private mutating func send(_ command: VoteCommand) -> VoteCommand {
        lines += 1
        return command
    }

    /// The first ballot of the next voter, and the made-up account with it; nil: the voter casts nothing.
    private mutating func next() -> VoteCommand? {
        let account = voter
        voter += lanes
        came += 1
        if let ballot = replay.leaversBallot(with: account) {
            visitor = VoteCommand(account: replay.voters + account, ballot: ballot)
            leavers += 1
            retracted += replay.book.ballots[ballot].count
        }
        guard let final = replay.final(of: account) else { return nil }
        guard let first = replay.firstBallot(of: account) else {
            ballots += 1
            return VoteCommand(account: account, ballot: final)
        }
        followUps.append(
            FollowUp(
                due: came + Self.distance, account: account, ballot: final,
                withdrawn: changed.isMultiple(of: 2) ? replay.book.ballots[first][0].proposal : nil,
                line: lines + 1))
        changed += 1
        return VoteCommand(account: account, ballot: first)
    }

    private mutating func follow(_ next: FollowUp) -> VoteCommand? {
        guard let ballot = next.ballot else {
            leaving.append((next.account, next.line))
            return nil
        }
        if let proposal = next.withdrawn {
            var then = next
            then.withdrawn = nil
            then.line = lines + 1
            followUps.prepend(then)
            return VoteCommand(
                account: next.account, proposal: proposal, action: .withdraw, follows: next.line)
        }
        ballots += 1
        return VoteCommand(account: next.account, ballot: ballot, follows: next.line)
    }
}
