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
    /// Choices; 1 where a vote carries nothing.
    package let options: Int
    /// First votes, without changes and withdrawals.
    package let votes: Int

    private let changeLimit: UInt64
    private let withdrawalLimit: UInt64
    private let leaverLimit: UInt64
    private let votesEach: Int
    /// So many accounts, the first ones, cast one vote more.
    private let remainder: Int
    /// Steps from one proposal of an account to its next that come by all before they repeat.
    private let strides: [Int]

    /// - Parameters:
    ///   - accounts: at most `votes`; nobody casts more than one vote on a proposal, so that `votes` is at
    ///     most `accounts * proposals`.
    ///   - changes, withdrawals: shares of the votes, together at most 1.
    ///   - leavers: share of the accounts that are deleted after their last vote.
    package init(
        names: AccountNames, accounts: Int, proposals: Int, options: Int, votes: Int,
        changes: Double, withdrawals: Double, leavers: Double
    ) {
        precondition(accounts > 0 && proposals > 0 && options > 0, "a workload of nothing")
        precondition(proposals <= 1 << 20, "more proposals than a phase may have")
        precondition(
            accounts <= votes && (votes - 1) / accounts < proposals,
            "\(accounts) accounts cannot cast \(votes) votes on \(proposals) proposals")
        self.names = names
        self.accounts = accounts
        self.proposals = proposals
        self.options = options
        self.votes = votes
        changeLimit = Self.limit(changes)
        withdrawalLimit = Self.limit(changes + withdrawals)
        leaverLimit = Self.limit(leavers)
        votesEach = votes / accounts
        remainder = votes % accounts
        strides = Self.strides(proposals)
    }

    private static func limit(_ share: Double) -> UInt64 {
        UInt64((share * Double(1 << 32)).rounded())
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
        let option = Mixing.scale(chance, to: options)
        let share = chance & 0xffff_ffff
        if share >= withdrawalLimit {
            return Vote(proposal: proposal, option: option, fate: .stays)
        }
        if share >= changeLimit {
            return Vote(proposal: proposal, option: option, fate: .isWithdrawn)
        }
        let other = options == 1 ? 0 : Int(share) % (options - 1) + 1
        return Vote(
            proposal: proposal, option: option, fate: .changes(to: (option + other) % options))
    }
}
