import TallyActors

extension Route {
    /// What the request's target names, and whether every identifier in it is one. One that is not
    /// stands as `badIdentifier` in the route: method and content-type are judged first.
    static func read(_ exchange: Exchange) -> Result<(route: Route, isMalformed: Bool), Refusal> {
        guard let target = exchange.withPath({ RequestTarget($0) }) else {
            return .failure(.malformed)
        }
        if target.segment(0, equals: "v1") {
            guard target.count >= 2, target.count <= RequestTarget.maximumSegments else {
                return .failure(.notFound)
            }
            return readResource(target).map { route in
                let isMalformed = [2, 4, 6, 8].contains {
                    $0 < target.count && target.identifier($0) == nil
                }
                return (route, isMalformed)
            }
        }
        return readOperation(target).map { ($0, false) }
    }

    /// What stands for a segment that is no identifier.
    private static let badIdentifier: Identifier = "?"

    private static func readOperation(_ target: RequestTarget) -> Result<Route, Refusal> {
        guard target.count == 1 else { return .failure(.notFound) }
        let isVerbose = target.query.split(separator: UInt8(ascii: "&")).contains {
            $0.elementsEqual("verbose".utf8) || $0.starts(with: "verbose=".utf8)
        }
        if target.segment(0, equals: "livez") { return .success(.live(verbose: isVerbose)) }
        if target.segment(0, equals: "readyz") { return .success(.ready(verbose: isVerbose)) }
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
        case 3 where target.segment(1, equals: "admin"): return readAdministration(target)
        case 3 where target.segment(1, equals: "accounts"):
            return identified(target, 2) { .account($0) }
        case 4 where target.segment(1, equals: "accounts") && target.segment(3, equals: "votes"):
            return identified(target, 2) { .accountVotes($0) }
        default: return .failure(.notFound)
        }
    }

    /// `/v1/admin/…`
    private static func readAdministration(_ target: RequestTarget) -> Result<Route, Refusal> {
        if target.segment(2, equals: "snapshot") { return .success(.snapshot) }
        if target.segment(2, equals: "erasure") { return .success(.erasure) }
        if target.segment(2, equals: "audit") { return .success(.audit) }
        return .failure(.notFound)
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
        if target.count == 7, target.segment(5, equals: "ballots") {
            let path = PhasePath(consultation: identifier(target, 2), phase: identifier(target, 4))
            return identified(target, 6) { .ballot(path, account: $0) }
        }
        if target.count > 6 { return readProposal(target) }
        guard let make = phaseRoute(target) else { return .failure(.notFound) }
        return .success(
            make(PhasePath(consultation: identifier(target, 2), phase: identifier(target, 4))))
    }

    /// `/v1/consultations/{c}/phases/{ph}/…`, six segments.
    private static func phaseRoute(_ target: RequestTarget) -> ((PhasePath) -> Route)? {
        if target.segment(5, equals: "votes") { return { .phaseVotes($0) } }
        if target.segment(5, equals: "open") { return { .openPhase($0) } }
        if target.segment(5, equals: "close") { return { .closePhase($0) } }
        if target.segment(5, equals: "tally") {
            return { .tally(.phase($0.consultation, $0.phase)) }
        }
        if target.segment(5, equals: "seal") {
            let digest = target.parameter("digest").map { String(decoding: $0, as: UTF8.self) }
            return { .seal($0, digest: digest) }
        }
        return nil
    }

    /// `/v1/consultations/{c}/phases/{ph}/proposals/{p}…`
    private static func readProposal(_ target: RequestTarget) -> Result<Route, Refusal> {
        guard target.segment(5, equals: "proposals") else { return .failure(.notFound) }
        let isVote = target.count == 9 && target.segment(7, equals: "votes")
        let isTally = target.count == 8 && target.segment(7, equals: "tally")
        guard target.count == 7 || isVote || isTally else { return .failure(.notFound) }
        let path = ProposalPath(
            consultation: identifier(target, 2), phase: identifier(target, 4),
            proposal: identifier(target, 6))
        if isTally {
            return .success(.tally(.proposal(path.consultation, path.phase, path.proposal)))
        }
        guard isVote else { return .success(.proposal(path)) }
        return identified(target, 8) { .vote(path, account: $0) }
    }

    private static func identified(
        _ target: RequestTarget, _ index: Int, _ make: (Identifier) -> Route
    ) -> Result<Route, Refusal> {
        .success(make(identifier(target, index)))
    }

    private static func identifier(_ target: RequestTarget, _ index: Int) -> Identifier {
        target.identifier(index) ?? badIdentifier
    }
}
