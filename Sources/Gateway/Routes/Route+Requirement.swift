import TallyActors

extension Route {
    /// The scope that each route needs: the one place that says so.
    func requirement(_ method: RequestMethod) -> Requirement {
        switch self {
        case .live, .ready, .version: .nothing
        case .metrics: .anyOf([.talliesRead, .admin])
        case .consultations, .tally, .seal: .anyOf(.talliesRead)
        case .consultation:
            .anyOf(method.isRead ? .talliesRead : .consultationsWrite)
        case .openPhase, .closePhase, .proposal: .anyOf(.consultationsWrite)
        case .vote:
            .scopeOrSelf(method.isRead ? .accountsRead : .votesWrite)
        case .ballot: .scopeOrSelf(.votesWrite)
        case .votes, .phaseVotes: .anyOf(.votesWrite)
        case .accountVotes: .scopeOrSelf(.accountsRead)
        case .account, .deletions: .anyOf(.accountsDelete)
        case .snapshot, .erasure, .audit: .anyOf(.admin)
        }
    }

    /// The account that the path names.
    var account: Identifier? {
        switch self {
        case .vote(_, let account), .ballot(_, let account), .account(let account),
            .accountVotes(let account):
            account
        default: nil
        }
    }

    /// Whether it asks for what has to be made durable: votes, withdrawals and deletions.
    func submitsCommands(_ method: RequestMethod) -> Bool {
        switch self {
        case .vote, .account: !method.isRead
        case .ballot, .votes, .phaseVotes, .deletions: true
        default: false
        }
    }
}
