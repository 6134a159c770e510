/// The share of an election that one stream sends: every so-many-th ballot, vote by vote.
package struct PabulibScript: CommandScript {
    private let election: PabulibElection
    private let lanes: Int
    private var ballot: Int
    private var position = 0

    package init(_ election: PabulibElection, lane: Int, of lanes: Int) {
        self.election = election
        self.lanes = lanes
        ballot = lane
        skipEmpty()
    }

    package var votesAreOver: Bool { ballot >= election.ballots.count }
    package var deletionsAreOver: Bool { votesAreOver }

    package mutating func nextVote(_ acknowledged: Acknowledged) -> VoteCommand? {
        guard !votesAreOver else { return nil }
        let command = VoteCommand(
            account: ballot, proposal: election.ballots[ballot][position], action: .cast(option: 0))
        position += 1
        skipEmpty()
        return command
    }

    package mutating func nextDeletion(_ acknowledged: Acknowledged) -> Int? { nil }

    package mutating func stop() {
        ballot = election.ballots.count
    }

    private mutating func skipEmpty() {
        while !votesAreOver, position >= election.ballots[ballot].count {
            ballot += lanes
            position = 0
        }
    }
}
