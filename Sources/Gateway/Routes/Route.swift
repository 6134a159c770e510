package import TallyActors

/// What a path names, whatever the method: the one place that knows all paths.
enum Route {
    case live(verbose: Bool)
    case ready(verbose: Bool)
    case version
    case metrics
    case consultations
    case consultation(Identifier)
    case openPhase(PhasePath)
    case closePhase(PhasePath)
    case proposal(ProposalPath)
    case vote(ProposalPath, account: Identifier)
    case ballot(PhasePath, account: Identifier)
    case votes
    case phaseVotes(PhasePath)
    case deletions
    case account(Identifier)
    case accountVotes(Identifier)
    case tally(TallyScope)
    /// With the digest that the query asks for.
    case seal(PhasePath, digest: String?)
    case snapshot
    case erasure
    case audit

    struct PhasePath: Equatable {
        var consultation: Identifier
        var phase: Identifier
    }

    struct ProposalPath: Equatable {
        var consultation: Identifier
        var phase: Identifier
        var proposal: Identifier
    }

    /// The methods that the path takes; `GET` stands for `HEAD`, too.
    var methods: Methods {
        switch self {
        case .live, .ready, .version, .metrics, .consultations, .accountVotes, .tally, .seal,
            .audit:
            .get
        case .consultation: [.get, .put, .delete]
        case .erasure: [.get, .post]
        case .openPhase, .closePhase, .votes, .phaseVotes, .deletions, .snapshot: .post
        case .proposal, .ballot: .put
        case .vote: [.get, .put, .delete]
        case .account: .delete
        }
    }

    /// Bytes that a JSON body sent to the path may have.
    var bodyLimit: Int {
        switch self {
        case .consultation: CollectedBody.Limit.definition
        case .ballot: CollectedBody.Limit.ballot
        default: CollectedBody.Limit.other
        }
    }

    struct Methods: OptionSet {
        let rawValue: UInt8

        static let get = Methods(rawValue: 1)
        static let put = Methods(rawValue: 2)
        static let post = Methods(rawValue: 4)
        static let delete = Methods(rawValue: 8)

        func contains(_ method: RequestMethod) -> Bool {
            switch method {
            case .get, .head: contains(Methods.get)
            case .put: contains(Methods.put)
            case .post: contains(Methods.post)
            case .delete: contains(Methods.delete)
            default: false
            }
        }

        /// As the field `Allow` lists them.
        var allow: String {
            let names: [(Methods, String)] = [
                (.get, "GET, HEAD"), (.put, "PUT"), (.post, "POST"), (.delete, "DELETE"),
            ]
            return names.filter { contains($0.0) }.map(\.1).joined(separator: ", ")
        }
    }
}

/// What a tally is asked of.
package enum TallyScope: Hashable, Sendable {
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
