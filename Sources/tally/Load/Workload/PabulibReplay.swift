/// An election made ready to be replayed: its ballots as the voters cast them in the end, the ballots of those
/// who change their mind and of made-up accounts that are deleted, and what the tally must be. Everything
/// that looks like chance follows from the seed.
package struct PabulibReplay: Sendable {
    package let election: PabulibElection
    package let rules: PabulibRules
    package private(set) var book = BallotBook()
    /// By voter, the number of the ballot in the book; nil: it is empty.
    private var finals: [Int?] = []
    /// By voter: the limits of the election do not allow the ballot.
    private var areRefused: [Bool] = []
    /// Ballots that anyone may cast on the way.
    private var lent: [Int] = []
    private let emptyBallot: Int

    /// The count of the ballots that are within the limits.
    package private(set) var counted: ExpectedTally
    /// The count of all ballots, a project that is named several times merged.
    package private(set) var merged: ExpectedTally
    /// The count of all ballots, a project that is named several times counted every time.
    package let unmerged: ExpectedTally
    /// Ballots that name a project more than once.
    package private(set) var repeatingBallots = 0
    /// Mentions that no vote can stand for, since they give no point.
    package private(set) var pointlessMentions = 0

    private let key: UInt64
    private let changeLimit: UInt64
    private let leaverLimit: UInt64

    /// - Parameters:
    ///   - changes: share of the voters who cast another ballot first.
    ///   - leavers: made-up accounts that vote and are deleted, for each voter.
    /// - Throws: `PabulibFault.unsupported`.
    package init(
        _ election: PabulibElection, changes: Double, leavers: Double, seed: UInt64
    ) throws(PabulibFault) {
        self.election = election
        rules = try PabulibRules(election)
        key = Mixing.mix(seed)
        changeLimit = Mixing.limit(changes)
        leaverLimit = Mixing.limit(leavers)
        emptyBallot = book.number(of: [])
        counted = ExpectedTally(proposals: election.projects.count, kind: rules.kind)
        merged = counted
        unmerged = rules.everyMention(election)
        for ballot in election.ballots { add(ballot) }
    }

    private mutating func add(_ ballot: [PabulibElection.Mention]) {
        let entries = rules.merged(ballot)
        if Set(ballot.map(\.project)).count < ballot.count { repeatingBallots += 1 }
        if case .points = rules.kind {
            pointlessMentions += ballot.count { rules.option($0) < 0 }
        }
        let isAllowed = rules.kind.allows(entries)
        areRefused.append(!isAllowed)
        merged.addBallot(entries)
        guard !entries.isEmpty else { return finals.append(nil) }
        let number = book.number(of: entries)
        finals.append(number)
        if isAllowed {
            counted.addBallot(entries)
            lent.append(number)
        }
    }

    /// The consultation to create.
    package func plan(consultation: String) -> BallotPlan {
        BallotPlan(
            consultation: consultation, title: election.title, phase: "votes", kind: rules.kind,
            proposals: election.projects.map { BallotPlan.Proposal(id: $0.id, title: $0.name) })
    }

    package var voters: Int { finals.count }
    package var refusedBallots: Int { areRefused.count { $0 } }
    /// Ballots of the election with a vote on them, and the votes on them.
    package var finalBallots: Int { finals.count { $0 != nil } }
    package var finalVotes: Int {
        finals.reduce(0) { $0 + ($1.map { book.ballots[$0].count } ?? 0) }
    }

    /// What the voter casts in the end; nil: nothing.
    func final(of voter: Int) -> Int? {
        finals[voter] ?? (firstBallot(of: voter) == nil ? nil : emptyBallot)
    }

    /// The ballot that the voter casts first and replaces later; nil: there is none.
    func firstBallot(of voter: Int) -> Int? {
        let chance = Mixing.mix(key ^ UInt64(voter * 2))
        // Were the final ballot refused, the first one would stay.
        guard chance & 0xffff_ffff < changeLimit, !areRefused[voter], !lent.isEmpty else {
            return nil
        }
        return lent[Mixing.scale(chance, to: lent.count)]
    }

    /// The ballot of the made-up account that comes with the voter; nil: none comes.
    func leaversBallot(with voter: Int) -> Int? {
        let chance = Mixing.mix(key ^ UInt64(voter * 2 + 1))
        guard chance & 0xffff_ffff < leaverLimit, !lent.isEmpty else { return nil }
        return lent[Mixing.scale(chance, to: lent.count)]
    }
}
