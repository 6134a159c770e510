import TallyActors

/// What a path names, whatever the method: the one place that knows all paths.
enum Route {
    case live
    case ready(verbose: Bool)
    case version
    case metrics
    case consultations
    case consultation(Identifier)
    case openPhase(PhasePath)
    case closePhase(PhasePath)
    case proposal(ProposalPath)
    case vote(ProposalPath, account: Identifier)
    case votes
    case phaseVotes(PhasePath)
    case deletions
    case account(Identifier)
    case accountVotes(Identifier)
    case tally(TallyScope)
    case snapshot

    struct PhasePath {
        var consultation: Identifier
        var phase: Identifier
    }

    struct ProposalPath {
        var consultation: Identifier
        var phase: Identifier
        var proposal: Identifier
    }

    /// The methods that the path takes, as `Allow` lists them.
    var methods: String {
        switch self {
        case .live, .ready, .version, .metrics, .consultations, .accountVotes, .tally:
            "GET, HEAD"
        case .consultation: "GET, HEAD, PUT"
        case .openPhase, .closePhase, .votes, .phaseVotes, .deletions, .snapshot: "POST"
        case .proposal: "PUT"
        case .vote: "GET, HEAD, PUT, DELETE"
        case .account: "DELETE"
        }
    }

    func takes(_ method: RequestMethod) -> Bool {
        switch method {
        case .get, .head: methods.hasPrefix("GET")
        case .put: methods.contains("PUT")
        case .post: methods == "POST"
        case .delete: methods.contains("DELETE")
        default: false
        }
    }
}

/// What a tally is asked of.
enum TallyScope: Hashable, Sendable {
    case consultation(Identifier)
    case phase(Identifier, Identifier)
    case proposal(Identifier, Identifier, Identifier)

    var consultation: Identifier {
        switch self {
        case .consultation(let consultation), .phase(let consultation, _),
            .proposal(let consultation, _, _):
            consultation
        }
    }
}
