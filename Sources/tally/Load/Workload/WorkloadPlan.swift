/// A made-up consultation: who votes on what, who changes, withdraws, leaves. Everything follows from the
/// seed by arithmetic, so that the votes of millions of accounts need no storage.
package struct WorkloadPlan: Sendable {
    /// What becomes of a vote after it was cast.
    package enum Fate: Equatable, Sendable {
        case stays
        case changes(to: Int)
        case isWithdrawn
    }

    package struct Vote: Equatable, Sendable {
        package var proposal: Int
        package var option: Int
        package var fate: Fate
    }

    /// Accounts of one script that vote at the same time.
    package static let cohort = 1 << 16

    package let names: AccountNames
    package let accounts: Int
    package let proposals: Int
    package let ballot: WorkloadBallot
    package let kind: BallotKind
    /// What a vote can carry; 1 where it carries nothing.
    package let options: Int
    /// First votes, without changes and withdrawals.
    package let votes: Int

    private let changeLimit: UInt64
    private let withdrawalLimit: UInt64
    private let leaverLimit: UInt64
    private let votesEach: Int
    /// So many accounts, the first ones, cast one vote more.
    private let remainder: Int
    private let mostVotes: Int
    private let isRanking: Bool
    /// Steps from one proposal of an account to its next that come by all before they repeat.
    private let strides: [Int]

    /// - Parameters:
    ///   - accounts: at most `votes`; nobody casts more than one vote on a proposal, so that `votes` is at
    ///     most `accounts * proposals`.
    ///   - changes, withdrawals: shares of the votes, together at most 1.
    ///   - leavers: share of the accounts that are deleted after their last vote.
    package init(
        names: AccountNames, accounts: Int, proposals: Int, ballot: WorkloadBallot, votes: Int,
        changes: Double, withdrawals: Double, leavers: Double
    ) {
        precondition(accounts > 0 && proposals > 0, "a workload of nothing")
        precondition(proposals <= 1 << 20, "more proposals than a phase may have")
        precondition(
            accounts <= votes && (votes - 1) / accounts < proposals,
            "\(accounts) accounts cannot cast \(votes) votes on \(proposals) proposals")
        self.names = names
        self.accounts = accounts
        self.proposals = proposals
        self.ballot = ballot
        self.votes = votes
        changeLimit = Mixing.limit(changes)
        withdrawalLimit = Mixing.limit(changes + withdrawals)
        leaverLimit = Mixing.limit(leavers)
        votesEach = votes / accounts
        remainder = votes % accounts
        mostVotes = votesEach + (remainder > 0 ? 1 : 0)
        kind = ballot.kind(votes: mostVotes)
        guard let options = kind.options, options > 0 else {
            preconditionFailure("votes without an option")
        }
        self.options = options
        isRanking = ballot == .ranking
        strides = Self.strides(proposals)
    }

    private static func strides(_ proposals: Int) -> [Int] {
        func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
        let found = (1...max(1, min(proposals, 256))).filter { divisor(proposals, $0) == 1 }
        return Array(found.prefix(32))
    }

    /// How many votes an account casts.
    @inline(__always)
    package func votes(of account: Int) -> Int {
        votesEach + (account < remainder ? 1 : 0)
    }

    @inline(__always)
    package func leaves(_ account: Int) -> Bool {
        Mixing.mix(names.word(account) ^ 0x6c65_6176_6572) & 0xffff_ffff < leaverLimit
    }

    /// The vote number `number` (from 0) of an account. Its proposals are all different.
    @inline(__always)
    package func vote(_ number: Int, of account: Int) -> Vote {
        let own = Mixing.mix(names.word(account))
        let stride = strides[Mixing.scale(own << 32, to: strides.count)]
        // Below 2^32, since strides are small: a division of half the width costs half the time.
        let place = UInt32(truncatingIfNeeded: Mixing.scale(own, to: proposals) &+ number &* stride)
        let proposal = Int(place % UInt32(truncatingIfNeeded: proposals))
        let chance = Mixing.mix(own ^ UInt64(truncatingIfNeeded: number &+ 1))
        let option =
            isRanking
            ? rank(number, own, chance) : Mixing.scale(chance, to: options)
        let share = chance & 0xffff_ffff
        if share >= withdrawalLimit {
            return Vote(proposal: proposal, option: option, fate: .stays)
        }
        if share >= changeLimit {
            return Vote(proposal: proposal, option: option, fate: .isWithdrawn)
        }
        if isRanking {
            return Vote(proposal: proposal, option: option, fate: .changes(to: option ^ 1))
        }
        let other = options == 1 ? 0 : Int(share) % (options - 1) + 1
        return Vote(
            proposal: proposal, option: option, fate: .changes(to: (option + other) % options))
    }

    /// One of the two ranks that belong to this vote of the account.
    private func rank(_ number: Int, _ own: UInt64, _ chance: UInt64) -> Int {
        (number &+ Mixing.scale(own, to: mostVotes)) % mostVotes * 2
            + Int(truncatingIfNeeded: chance >> 63)
    }
}
