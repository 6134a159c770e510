import TallyActors

/// Takes the single votes of the connections of one event loop, to which it is confined.
///
/// A platform that sends votes one by one names the same proposals and sends the same bodies again
/// and again: where a path led and what a body came to is remembered, so that the same again costs
/// neither routing nor parsing.
final class VoteDesk {
    /// Proposals that are remembered at once; one that falls on another's place replaces it.
    private static let memory = 4096

    private struct Place {
        /// The undecoded path up to the account.
        var prefix: [UInt8]
        var path: Route.ProposalPath
        /// Where the path leads in the desk's catalogue.
        var found: Result<(PhaseEntry, ProposalNumber), Refusal>
    }

    private struct Body {
        var bytes: [UInt8]
        var phase: PhaseEntry
        var value: UInt32
    }

    private let service: TallyService
    private let accountHash: SipHash128
    private var catalogue: Catalogue
    private var places: [Place?] = Array(repeating: nil, count: memory)
    private var lastBody: Body?
    private var ballot = UnaryBallot()

    init(service: TallyService) {
        self.service = service
        accountHash = service.accountHash
        catalogue = service.catalogue
    }

    /// The vote that a request asks for, when its path but for the account was seen before; nil
    /// when it must be routed.
    func vote(_ exchange: Exchange) -> PendingVote? {
        guard exchange.method == .put else { return nil }
        return exchange.withPath { path in
            guard let end = Self.prefixLength(of: path) else { return nil }
            let prefix = UnsafeRawBufferPointer(rebasing: path[..<end])
            let slot = Self.slot(of: prefix)
            guard let known = places[slot], prefix.equals(known.prefix) else { return nil }
            let account = UnsafeRawBufferPointer(rebasing: path[end...])
            guard Identifier.isValid(account) else { return nil }
            return PendingVote(
                path: known.path, account: accountHash.key(of: account), slot: slot)
        }
    }

    /// Remembers the path of a vote that was routed, and makes of it what `vote` would have.
    func remember(
        _ exchange: Exchange, _ path: Route.ProposalPath, account: Identifier
    ) -> PendingVote {
        let slot = exchange.withPath { bytes -> Int? in
            // A slash may stand in a query, too.
            guard let end = Self.prefixLength(of: bytes), !bytes.contains(UInt8(ascii: "?"))
            else { return nil }
            let prefix = UnsafeRawBufferPointer(rebasing: bytes[..<end])
            let slot = Self.slot(of: prefix)
            places[slot] = Place(
                prefix: Array(prefix), path: path, found: catalogue.find(path))
            return slot
        }
        let key = account.bytes.withUnsafeBytes { accountHash.key(of: $0) }
        return PendingVote(path: path, account: key, slot: slot)
    }

    /// The command that a complete request comes to.
    func command(_ vote: PendingVote) -> Result<Command, Refusal> {
        follow(service.catalogue)
        let found = find(vote)
        guard case .success(let (phase, proposal)) = found else {
            return read(vote, found).map { _ in preconditionFailure("a vote on nothing") }
        }
        if let lastBody, lastBody.phase === phase, lastBody.bytes == vote.body.bytes {
            return .success(
                .cast(
                    vote.account, phase: phase.number, proposal: proposal, value: lastBody.value,
                    as: phase.kind.content))
        }
        return read(vote, found).map { value in
            lastBody = Body(bytes: vote.body.bytes, phase: phase, value: value)
            return .cast(
                vote.account, phase: phase.number, proposal: proposal, value: value,
                as: phase.kind.content)
        }
    }

    /// The votes that a complete request for a whole ballot comes to, and their phase.
    func ballot(
        of account: AccountKey, at path: Route.PhasePath, _ body: [UInt8]
    ) -> Result<(phase: PhaseNumber, votes: [Command]), Refusal> {
        let found = service.catalogue.find(path)
        let refusal = body.withUnsafeBytes {
            ballot.read($0, of: account, at: UnaryVote.Place(found))
        }
        if let refusal { return .failure(refusal) }
        return found.map { ($0.number, ballot.votes) }
    }

    /// What was remembered holds for one catalogue, and keeps nothing of an older one alive.
    private func follow(_ newest: Catalogue) {
        if newest === catalogue { return }
        catalogue = newest
        places = Array(repeating: nil, count: Self.memory)
        lastBody = nil
    }

    private func find(_ vote: PendingVote) -> Result<(PhaseEntry, ProposalNumber), Refusal> {
        guard let slot = vote.slot, let place = places[slot], place.path == vote.path else {
            return catalogue.find(vote.path)
        }
        return place.found
    }

    /// What the body carries. A malformed one is reported before an unknown place.
    private func read(
        _ vote: PendingVote, _ found: Result<(PhaseEntry, ProposalNumber), Refusal>
    ) -> Result<UInt32, Refusal> {
        let place = UnaryVote.Place(found.map { $0.0 })
        return switch vote.body.bytes.withUnsafeBytes({ UnaryVote.read($0, at: place) }) {
        case .refused(let refusal): .failure(refusal)
        case .value(let value): .success(value)
        }
    }

    /// Up to the account, which is the last segment; nil when it must be decoded, or a query
    /// follows.
    private static func prefixLength(of path: UnsafeRawBufferPointer) -> Int? {
        var index = path.count
        while index > 0 {
            switch path[index - 1] {
            case UInt8(ascii: "/"): return index
            case UInt8(ascii: "%"), UInt8(ascii: "?"): return nil
            default: index -= 1
            }
        }
        return nil
    }

    /// Spreads prefixes over the memory; two that fall together only cost the routing.
    private static func slot(of prefix: UnsafeRawBufferPointer) -> Int {
        var hash = UInt64(prefix.count)
        var index = 0
        while index + 8 <= prefix.count {
            let word = prefix.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            hash = (hash ^ word) &* 0x9e37_79b9_7f4a_7c15
            hash ^= hash >> 29
            index += 8
        }
        while index < prefix.count {
            hash = (hash ^ UInt64(prefix[index])) &* 0x9e37_79b9_7f4a_7c15
            index += 1
        }
        return Int(truncatingIfNeeded: (hash ^ (hash >> 32)) & UInt64(memory - 1))
    }
}

/// A single vote whose body is still to come.
final class PendingVote {
    let path: Route.ProposalPath
    let account: AccountKey
    /// Where the desk remembers the path; nil for one that it does not.
    let slot: Int?
    var body = CollectedBody(limit: CollectedBody.Limit.other)

    init(path: Route.ProposalPath, account: AccountKey, slot: Int?) {
        self.path = path
        self.account = account
        self.slot = slot
    }
}
