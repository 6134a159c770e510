import TallyActors

/// A phase of the naive model, and the rules over one account's votes in it.
struct NaivePhase {
    struct Proposal {
        var id: Identifier
        var cost: UInt64?
    }

    var consultation: Identifier
    var id: Identifier
    var title: String?
    var state: PhaseState
    var opensAt: Int64?
    var closesAt: Int64?
    var ballot: BallotRule
    var results = ResultsVisibility.live
    /// Every choice ever, by permanent number.
    var choiceNumbers: [Identifier]
    /// Every proposal ever, by permanent number; nil where it was removed.
    var proposals: [Proposal?]
    /// Proposals that ever had an accepted vote.
    var locked: Set<UInt32> = []
    /// Ballots of accounts that were deleted after the close, by proposal.
    var frozen: [[UInt32: UInt32]] = []
    var seal: NaiveSeal?

    init(
        consultation: Identifier, id: Identifier, ballot: BallotRule, proposals: [Proposal],
        opensAt: Int64? = nil, closesAt: Int64? = nil, now: Int64
    ) {
        self.consultation = consultation
        self.id = id
        self.ballot = ballot
        self.proposals = proposals
        self.opensAt = opensAt
        self.closesAt = closesAt
        choiceNumbers = ballot.choices
        state = opensAt ?? now <= now ? .open : .scheduled
    }

    var definition: PhaseDefinition {
        var definition = PhaseDefinition.phase(
            id, title: title, opensAt: opensAt, closesAt: closesAt, ballot: ballot)
        definition.results = results
        definition.proposals = proposals.compactMap { $0 }.map {
            ProposalDefinition(id: $0.id, cost: $0.cost)
        }
        return definition
    }

    func proposal(_ number: UInt32) -> Proposal? {
        number < proposals.count ? proposals[Int(number)] : nil
    }

    /// Numbers of the proposals that are there.
    var present: [UInt32] {
        proposals.indices.filter { proposals[$0] != nil }.map { UInt32($0) }
    }

    /// Another rule; its choices that are unknown get the next numbers.
    mutating func take(_ rule: BallotRule) {
        ballot = rule
        for choice in rule.choices where !choiceNumbers.contains(choice) {
            choiceNumbers.append(choice)
        }
    }

    // MARK: - Rules

    var optionNames: [Identifier] {
        switch ballot.kind {
        case .support, .budget: ["support"]
        case .choice: ballot.choices
        case .ranking, .points: ["votes", "points"]
        }
    }

    /// The place of a choice's number among the choices there are; nil when it may not be chosen.
    private func option(_ value: UInt32) -> Int? {
        guard value < choiceNumbers.count else { return nil }
        return ballot.choices.firstIndex(of: choiceNumbers[Int(value)])
    }

    func allows(_ value: UInt32, as content: VoteContent) -> Bool {
        switch (ballot.kind, content) {
        case (.support, .nothing), (.budget, .nothing): value == 0
        case (.choice, .choice): option(value) != nil
        case (.ranking, .rank): value >= 1 && value <= ballot.maximumVotes!
        case (.points, .points):
            value >= 1 && value <= ballot.maximumPointsPerProposal ?? 1_000_000
        default: false
        }
    }

    /// What the rules say against an account's holding this, by proposal.
    func refusal(of held: [UInt32: UInt32]) -> Outcome.Code? {
        if let most = ballot.maximumVotes, held.count > most { return .limitReached }
        if ballot.kind == .ranking, Set(held.values).count < held.count { return .rankTaken }
        if let most = ballot.maximumPoints, held.values.map(Int.init).reduce(0, +) > Int(most) {
            return .overBudget
        }
        if ballot.kind == .budget {
            let cost = held.keys.reduce(UInt64(0)) { $0 + proposal($1)!.cost! }
            if cost > ballot.budget! { return .overBudget }
        }
        return nil
    }

    /// Whether an account that holds this is counted.
    func counts(_ held: [UInt32: UInt32]) -> Bool {
        !held.isEmpty && held.count >= ballot.minimumVotes ?? 0
    }

    /// What one counted vote adds, by option.
    func contribution(_ value: UInt32) -> [(option: Int, count: Int64)] {
        switch ballot.kind {
        case .support, .budget: [(0, 1)]
        case .choice: [(option(value)!, 1)]
        case .ranking: [(0, 1), (1, Int64(ballot.maximumVotes!) - Int64(value) + 1)]
        case .points: [(0, 1), (1, Int64(value))]
        }
    }
}
