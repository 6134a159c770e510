/// One line of a stream of votes, in numbers: accounts, proposals, options and ballots count from 0.
package struct VoteCommand: Equatable, Sendable {
    package enum Action: Equatable, Sendable {
        /// Casts or replaces the vote; what it carries is its option (see `BallotKind`).
        case cast(option: Int)
        case withdraw
        /// Replaces all votes of the account by a ballot of the run's book. The proposal means nothing.
        case castBallot(Int)
    }

    package var account: Int
    package var proposal: Int
    package var action: Action
    /// The line (from 1) of this account that must have taken effect before, 0 when there is none. A stream
    /// keeps the order by itself, single requests beside each other do not.
    package var follows: Int

    package init(account: Int, proposal: Int, action: Action, follows: Int = 0) {
        self.account = account
        self.proposal = proposal
        self.action = action
        self.follows = follows
    }

    package init(account: Int, ballot: Int, follows: Int = 0) {
        self.init(account: account, proposal: 0, action: .castBallot(ballot), follows: follows)
    }
}
