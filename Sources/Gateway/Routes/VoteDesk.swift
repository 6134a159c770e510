import TallyActors

/// Takes the single votes of one connection. Confined to its event loop.
///
/// A platform that sends votes one by one sends many for the same proposal and with the same body:
/// the last path and the last body are remembered, so that the same again costs neither routing nor
/// parsing.
final class VoteDesk {
    private struct Recent {
        /// The undecoded path up to the account.
        var prefix: [UInt8]
        var path: Route.ProposalPath
        /// Where the path led, and in which catalogue.
        var catalogue: Catalogue?
        var phase: PhaseEntry?
        var proposal: ProposalNumber = 0
        var body: [UInt8] = []
        var value: UInt32 = 0
    }

    private let service: TallyService
    private let accountHash: SipHash128
    private var recent: Recent?

    init(service: TallyService) {
        self.service = service
        accountHash = service.accountHash
    }

    /// The vote that a request asks for, when its path differs from the last one's in the account
    /// alone; nil when it must be routed.
    func again(_ exchange: Exchange) -> PendingVote? {
        guard exchange.method == .put, let recent else { return nil }
        return exchange.withPath { path in
            guard path.count > recent.prefix.count,
                UnsafeRawBufferPointer(rebasing: path[..<recent.prefix.count])
                    .equals(recent.prefix)
            else { return nil }
            let account = UnsafeRawBufferPointer(rebasing: path[recent.prefix.count...])
            let isPlain = account.allSatisfy {
                $0 != UInt8(ascii: "%") && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?")
            }
            guard isPlain, Identifier.isValid(account) else { return nil }
            return PendingVote(path: recent.path, account: accountHash.key(of: account))
        }
    }

    /// Remembers the path of a vote that was routed.
    func remember(_ exchange: Exchange, _ path: Route.ProposalPath) {
        recent = exchange.withPath { bytes in
            guard !bytes.contains(UInt8(ascii: "?")),
                let slash = bytes.lastIndex(of: UInt8(ascii: "/"))
            else { return nil }
            return Recent(prefix: Array(bytes[...slash]), path: path)
        }
    }

    /// The command that a complete request comes to.
    func command(_ vote: PendingVote) -> Result<Command, Refusal> {
        let catalogue = service.catalogue
        if let recent, recent.catalogue === catalogue, recent.body == vote.body,
            recent.path == vote.path, let phase = recent.phase
        {
            return .success(
                .cast(
                    vote.account, phase: phase.number, proposal: recent.proposal,
                    value: recent.value))
        }
        let found = catalogue.find(vote.path)
        let place: UnaryVote.Place =
            switch found {
            case .failure(let refusal): .unknown(refusal)
            case .success(let (phase, _)): .phase(phase)
            }
        switch (vote.body.withUnsafeBytes { UnaryVote.read($0, at: place) }, found) {
        case (.refused(let refusal), _), (_, .failure(let refusal)):
            return .failure(refusal)
        case (.value(let value), .success(let (phase, proposal))):
            if recent?.path == vote.path {
                recent?.catalogue = catalogue
                recent?.phase = phase
                recent?.proposal = proposal
                recent?.body = vote.body
                recent?.value = value
            }
            return .success(
                .cast(vote.account, phase: phase.number, proposal: proposal, value: value))
        }
    }
}

/// A single vote whose body is still to come.
final class PendingVote {
    let path: Route.ProposalPath
    let account: AccountKey
    private(set) var body: [UInt8] = []

    init(path: Route.ProposalPath, account: AccountKey) {
        self.path = path
        self.account = account
    }

    /// - Returns: false when the body is over its limit.
    func collect(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= CollectedRequest.Limit.other - body.count else { return false }
        body.append(contentsOf: bytes)
        return true
    }
}
