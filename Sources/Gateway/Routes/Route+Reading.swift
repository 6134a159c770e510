import TallyActors

extension Route {
    /// What the request's target names.
    static func read(_ exchange: Exchange) -> Result<Route, Refusal> {
        guard let target = exchange.withPath({ RequestTarget($0) }) else {
            return .failure(.malformed)
        }
        if target.segment(0, equals: "v1") {
            guard target.count >= 2, target.count <= RequestTarget.maximumSegments else {
                return .failure(.notFound)
            }
            return readResource(target)
        }
        guard target.count == 1 else { return .failure(.notFound) }
        if target.segment(0, equals: "livez") { return .success(.live) }
        if target.segment(0, equals: "readyz") {
            let isVerbose = target.query.split(separator: UInt8(ascii: "&")).contains {
                $0.starts(with: "verbose".utf8)
            }
            return .success(.ready(verbose: isVerbose))
        }
        if target.segment(0, equals: "version") { return .success(.version) }
        if target.segment(0, equals: "metrics") { return .success(.metrics) }
        return .failure(.notFound)
    }

    /// `/v1/…`
    private static func readResource(_ target: RequestTarget) -> Result<Route, Refusal> {
        if target.segment(1, equals: "consultations") { return readConsultation(target) }
        switch target.count {
        case 2 where target.segment(1, equals: "votes"): return .success(.votes)
        case 2 where target.segment(1, equals: "deletions"): return .success(.deletions)
        case 3 where target.segment(1, equals: "admin") && target.segment(2, equals: "snapshot"):
            return .success(.snapshot)
        case 3 where target.segment(1, equals: "accounts"):
            return identified(target, 2) { .account($0) }
        case 4 where target.segment(1, equals: "accounts") && target.segment(3, equals: "votes"):
            return identified(target, 2) { .accountVotes($0) }
        default: return .failure(.notFound)
        }
    }

    /// `/v1/consultations…`
    private static func readConsultation(_ target: RequestTarget) -> Result<Route, Refusal> {
        if target.count == 2 { return .success(.consultations) }
        if target.count == 3 { return identified(target, 2) { .consultation($0) } }
        if target.count == 4, target.segment(3, equals: "tally") {
            return identified(target, 2) { .tally(.consultation($0)) }
        }
        guard target.count >= 6, target.segment(3, equals: "phases") else {
            return .failure(.notFound)
        }
        if target.count > 6 { return readProposal(target) }
        guard let make = phaseRoute(target) else { return .failure(.notFound) }
        guard let consultation = target.identifier(2), let phase = target.identifier(4) else {
            return .failure(.malformed)
        }
        return .success(make(PhasePath(consultation: consultation, phase: phase)))
    }

    /// `/v1/consultations/{c}/phases/{ph}/…`, six segments.
    private static func phaseRoute(_ target: RequestTarget) -> ((PhasePath) -> Route)? {
        if target.segment(5, equals: "votes") { return { .phaseVotes($0) } }
        if target.segment(5, equals: "open") { return { .openPhase($0) } }
        if target.segment(5, equals: "close") { return { .closePhase($0) } }
        if target.segment(5, equals: "tally") {
            return { .tally(.phase($0.consultation, $0.phase)) }
        }
        return nil
    }

    /// `/v1/consultations/{c}/phases/{ph}/proposals/{p}…`
    private static func readProposal(_ target: RequestTarget) -> Result<Route, Refusal> {
        guard target.segment(5, equals: "proposals") else { return .failure(.notFound) }
        let isVote = target.count == 9 && target.segment(7, equals: "votes")
        let isTally = target.count == 8 && target.segment(7, equals: "tally")
        guard target.count == 7 || isVote || isTally else { return .failure(.notFound) }
        guard let consultation = target.identifier(2), let phase = target.identifier(4),
            let proposal = target.identifier(6)
        else { return .failure(.malformed) }
        let path = ProposalPath(consultation: consultation, phase: phase, proposal: proposal)
        if isTally { return .success(.tally(.proposal(consultation, phase, proposal))) }
        guard isVote else { return .success(.proposal(path)) }
        return identified(target, 8) { .vote(path, account: $0) }
    }

    private static func identified(
        _ target: RequestTarget, _ index: Int, _ make: (Identifier) -> Route
    ) -> Result<Route, Refusal> {
        target.identifier(index).map { .success(make($0)) } ?? .failure(.malformed)
    }
}
