/// One line of a stream of votes, in numbers: accounts, proposals and options count from 0.
package struct VoteCommand: Equatable, Sendable {
    package enum Action: Equatable, Sendable {
        /// Casts or replaces the vote. The option is 0 where a vote carries nothing.
        case cast(option: Int)
        case withdraw
    }

    package var account: Int
    package var proposal: Int
    package var action: Action
    /// The line (from 1) of this account on this proposal that must have taken effect before, 0 when there
    /// is none. A stream keeps the order by itself, single requests beside each other do not.
    package var follows: Int

    package init(account: Int, proposal: Int, action: Action, follows: Int = 0) {
        self.account = account
        self.proposal = proposal
        self.action = action
        self.follows = follows
    }
}
