/// How the votes of the consultation may have come about: made-up people who cast exactly the official votes in
/// the end, and before that change their minds, withdraw, leave and return; and accounts that are created to
/// stuff the ballot and deleted. Times are shares of the whole, from 0 to 1.
package struct DemoStory: Sendable {
    /// As many people as took part in 2015.
    package static let people = 21_330
    static let changed = 0.09
    static let withdrawn = 0.03
    /// People who withdraw all their votes and cast them again.
    static let returning = 0.01
    /// People who delete their account and come back under another.
    static let reborn = 0.02
    package static let bursts = 12
    package static let accountsPerBurst = 1_000
    package static let votesPerStuffer = 3
    /// One stuffing account in so many votes once more after its deletion.
    static let latecomers = 10
    /// From the first vote of a burst to its last, and to its first deletion.
    static let burstLength = 0.02
    static let burstStay = 0.03

    struct Event: Sendable {
        enum Kind: Sendable {
            case vote(VoteCommand)
            /// Perhaps with a vote that is sent all the same, afterwards.
            case deletion(late: VoteCommand?)
        }

        var time: Double
        var account: Int
        var kind: Kind
    }

    package let figures: OfficialFigures
    private(set) var events: [Event] = []
    package private(set) var changes = 0
    package private(set) var withdrawals = 0
    package private(set) var returned = 0
    package private(set) var rebornPeople = 0
    package private(set) var stuffers = 0
    package private(set) var stuffedVotes = 0
    /// Votes that come after the deletion of their account, all to be refused.
    package private(set) var lateVotes = 0
    /// Votes that deletions must find.
    package private(set) var retracted = 0
    package private(set) var deletions = 0
    package private(set) var voteLines = 0

    private var generator: SeededGenerator
    /// Account numbers: the people first, then those under which they come back, then the stuffers.
    private var nextAccount = DemoStory.people

    package init(_ figures: OfficialFigures, seed: UInt64) {
        self.figures = figures
        generator = SeededGenerator(seed: seed)
        tellPeople()
        tellStuffing()
        events.sort { ($0.time, $0.account) < ($1.time, $1.account) }
    }

    /// What the tally must be.
    package var expected: ExpectedTally {
        var expected = ExpectedTally(
            proposals: figures.opinions.count, kind: .choice(OfficialFigures.choices))
        for (index, opinion) in figures.opinions.enumerated() {
            for (option, count) in opinion.counts.enumerated() { expected[index, option] = count }
        }
        expected.voters = min(Self.people, figures.votes)
        return expected
    }

    /// When a burst of stuffing begins.
    package static func start(ofBurst burst: Int) -> Double {
        0.05 + 0.9 * Double(burst) / Double(bursts)
    }

    // MARK: People

    private enum Person {
        case steady
        case returning
        /// Under which account it was there before.
        case reborn(before: Int)
    }

    private mutating func tellPeople() {
        let persons = (0..<Self.people).map { _ in makePerson() }
        var next = 0
        for (opinion, figures) in figures.opinions.enumerated() {
            for (option, count) in figures.counts.enumerated() {
                // One after the other round the circle: nobody votes twice on an opinion.
                for _ in 0..<count {
                    tell(persons[next], next, opinion, option)
                    next = (next + 1) % Self.people
                }
            }
            // Those who come next in the circle hold no vote on this opinion.
            let others = min(
                Self.people - figures.votes, Int(Double(figures.votes) * Self.withdrawn))
            for offset in 0..<max(0, others) {
                tellWithdrawal((next + offset) % Self.people, opinion)
            }
        }
        for case .reborn(let before) in persons {
            append(.deletion(late: nil), of: before, at: 0.5)
            deletions += 1
        }
    }

    private mutating func makePerson() -> Person {
        let chance = Double.random(in: 0..<1, using: &generator)
        if chance < Self.returning {
            returned += 1
            return .returning
        }
        if chance < Self.returning + Self.reborn {
            rebornPeople += 1
            return .reborn(before: makeAccount())
        }
        return .steady
    }

    private mutating func makeAccount() -> Int {
        nextAccount += 1
        return nextAccount - 1
    }

    private mutating func tell(_ person: Person, _ account: Int, _ opinion: Int, _ option: Int) {
        switch person {
        case .steady:
            guard Double.random(in: 0..<1, using: &generator) < Self.changed else {
                return cast(account, opinion, option, at: time(in: 0..<1))
            }
            let times = [time(in: 0..<1), time(in: 0..<1)].sorted()
            cast(account, opinion, other(than: option), at: times[0])
            cast(account, opinion, option, at: times[1])
            changes += 1
        case .returning:
            cast(account, opinion, option, at: time(in: 0..<0.4))
            withdraw(account, opinion, at: time(in: 0.45..<0.55))
            cast(account, opinion, option, at: time(in: 0.6..<1))
        case .reborn(let before):
            cast(before, opinion, Int.random(in: 0..<3, using: &generator), at: time(in: 0..<0.5))
            retracted += 1
            cast(account, opinion, option, at: time(in: 0.5..<1))
        }
    }

    private mutating func tellWithdrawal(_ account: Int, _ opinion: Int) {
        let times = [time(in: 0..<1), time(in: 0..<1)].sorted()
        cast(account, opinion, Int.random(in: 0..<3, using: &generator), at: times[0])
        withdraw(account, opinion, at: times[1])
        withdrawals += 1
    }

    // MARK: Stuffing

    private mutating func tellStuffing() {
        let targets = figures.largest(8)
        for burst in 0..<Self.bursts {
            let start = Self.start(ofBurst: burst)
            let first = targets[burst % targets.count]
            for _ in 0..<Self.accountsPerBurst { tellStuffer(first, start) }
        }
    }

    /// Against the target of the burst, and for a few others.
    private mutating func tellStuffer(_ target: Int, _ start: Double) {
        let account = makeAccount()
        stuffers += 1
        deletions += 1
        let end = start + Self.burstLength
        cast(account, target, 2, at: time(in: start..<end))
        for offset in 1..<Self.votesPerStuffer {
            let opinion = (target + offset * 97) % figures.opinions.count
            cast(account, opinion, 0, at: time(in: start..<end))
        }
        stuffedVotes += Self.votesPerStuffer
        retracted += Self.votesPerStuffer
        var late: VoteCommand?
        if stuffers.isMultiple(of: Self.latecomers) {
            late = VoteCommand(account: account, proposal: target, action: .cast(option: 2))
            lateVotes += 1
            voteLines += 1
        }
        let leaves = start + Self.burstStay
        append(.deletion(late: late), of: account, at: time(in: leaves..<leaves + 0.005))
    }

    // MARK: Events

    private mutating func time(in range: Range<Double>) -> Double {
        Double.random(in: range, using: &generator)
    }

    private mutating func other(than option: Int) -> Int {
        (option + Int.random(in: 1...2, using: &generator)) % 3
    }

    private mutating func cast(_ account: Int, _ opinion: Int, _ option: Int, at time: Double) {
        voteLines += 1
        let command = VoteCommand(
            account: account, proposal: opinion, action: .cast(option: option))
        append(.vote(command), of: account, at: time)
    }

    private mutating func withdraw(_ account: Int, _ opinion: Int, at time: Double) {
        voteLines += 1
        let command = VoteCommand(account: account, proposal: opinion, action: .withdraw)
        append(.vote(command), of: account, at: time)
    }

    private mutating func append(_ kind: Event.Kind, of account: Int, at time: Double) {
        events.append(Event(time: time, account: account, kind: kind))
    }
}
