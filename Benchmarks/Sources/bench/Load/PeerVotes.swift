/// The votes that the databases get: of one connection, in order, and what must come out of them.
///
/// An account's votes all come over one connection (the number of the account modulo that of the
/// connections), which spares the databases every conflict about an account.
struct PeerVotes {
    /// Accounts that are deleted before the first vote: one in so many, whose votes must be refused.
    static let deletedEvery = 1000
    /// One vote in so many is a change of the voter's mind about a proposal: 9 %.
    static let changes = 0.09

    private(set) var votes: [PeerVote] = []
    /// By proposal and choice.
    private(set) var counts: [Int]
    private(set) var refused = 0

    init(count: Int, connection: Int, of connections: Int, accounts: Int, proposals: Int) {
        counts = Array(repeating: 0, count: proposals * Choice.allCases.count)
        votes.reserveCapacity(count)
        var held: [UInt64: Choice] = Dictionary(minimumCapacity: count)
        var state = UInt64(connection) &+ 1
        for _ in 0..<count {
            state &+= 0x9e37_79b9_7f4a_7c15
            let random = AccountName.mixed(state)
            var vote = PeerVote(
                account: UInt32(
                    Int(random % UInt64(accounts / connections)) * connections + connection),
                proposal: UInt16(random >> 32 % UInt64(proposals)),
                choice: Choice(rawValue: UInt8(random >> 48 % 3))!)
            if let earlier = votes.randomEarlier(random, probability: Self.changes) {
                vote.account = earlier.account
                vote.proposal = earlier.proposal
            }
            votes.append(vote)
            keep(vote, held: &held)
        }
    }

    private mutating func keep(_ vote: PeerVote, held: inout [UInt64: Choice]) {
        guard !Self.isDeleted(Int(vote.account)) else {
            refused += 1
            return
        }
        let place = Int(vote.proposal) * Choice.allCases.count
        let key = UInt64(vote.account) << 16 | UInt64(vote.proposal)
        if let old = held.updateValue(vote.choice, forKey: key) {
            counts[place + Int(old.rawValue)] -= 1
        }
        counts[place + Int(vote.choice.rawValue)] += 1
    }

    static func isDeleted(_ account: Int) -> Bool { account % deletedEvery == 0 }
}

extension [PeerVote] {
    /// An earlier vote, with this probability, chosen by the same random word.
    fileprivate func randomEarlier(_ random: UInt64, probability: Double) -> PeerVote? {
        let word = AccountName.mixed(random)
        guard !isEmpty, Double(word >> 11) / 0x1p53 < probability else { return nil }
        return self[Int(AccountName.mixed(word) % UInt64(count))]
    }
}
