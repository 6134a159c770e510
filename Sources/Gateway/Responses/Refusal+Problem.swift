import TallyActors

extension Refusal {
    /// The status and the title that the contract gives the code.
    var response: (status: Int, title: String) {
        switch self {
        case .malformed: (400, "Malformed")
        case .unauthenticated: (401, "Unauthenticated")
        case .forbidden: (403, "Forbidden")
        case .unknownConsultation: (404, "Unknown consultation")
        case .unknownPhase: (404, "Unknown phase")
        case .unknownProposal: (404, "Unknown proposal")
        case .noVote: (404, "No vote")
        case .notFound: (404, "Not found")
        case .methodNotAllowed: (405, "Method not allowed")
        case .notAcceptable: (406, "Not acceptable")
        case .phaseNotOpen: (409, "Phase not open")
        case .phaseClosed: (409, "Phase closed")
        case .phaseNotClosed: (409, "Phase not closed")
        case .rulesLocked: (409, "Rules locked")
        case .limitReached: (409, "Limit reached")
        case .overBudget: (409, "Over budget")
        case .rankTaken: (409, "Rank taken")
        case .accountDeleted: (410, "Account deleted")
        case .preconditionFailed: (412, "Precondition failed")
        case .tooLarge: (413, "Too large")
        case .unsupportedMediaType: (415, "Unsupported media type")
        case .invalidVote: (422, "Invalid vote")
        case .invalidDefinition: (422, "Invalid definition")
        case .rateLimited: (429, "Rate limited")
        case .headerTooLarge: (431, "Header too large")
        case .internalFault: (500, "Internal fault")
        case .storageUnavailable: (503, "Storage unavailable")
        case .overloaded: (503, "Overloaded")
        case .starting: (503, "Starting")
        case .draining: (503, "Draining")
        }
    }

    /// The contract wants `Retry-After` with these: the client may try again. With `rateLimited`, too,
    /// but there `RateLimitFields` knows when.
    var isTemporary: Bool {
        switch self {
        case .overloaded, .starting, .draining: true
        default: false
        }
    }

    /// What is said to people where nothing more exact is known.
    var defaultDetail: String {
        switch self {
        case .malformed: "The request is not of the form that the contract gives."
        case .unauthenticated: "The request has no token that holds."
        case .forbidden: "The request comes from a foreign origin, or names a foreign host."
        case .unknownConsultation: "There is no consultation of this name."
        case .unknownPhase: "The consultation has no phase of this name."
        case .unknownProposal: "The phase has no proposal of this name."
        case .noVote: "The account has no vote on this proposal."
        case .notFound: "There is nothing at this path."
        case .methodNotAllowed: "The path does not take this method."
        case .notAcceptable: "There is no representation that the request accepts."
        case .phaseNotOpen: "The phase has not opened yet."
        case .phaseClosed: "The phase is closed."
        case .phaseNotClosed: "A phase is not closed."
        case .rulesLocked: "The change would alter the meaning of votes already cast."
        case .limitReached: "The account would hold more votes in the phase than one may."
        case .overBudget:
            "The costs or the points of the account's votes in the phase would sum to too much."
        case .rankTaken: "The account would give one rank to two proposals of the phase."
        case .accountDeleted: "The account was deleted; its votes are refused for good."
        case .preconditionFailed: "The definition is not the one that the request names."
        case .tooLarge: "The body or a part of it is over its limit."
        case .unsupportedMediaType: "The content-type is not one that the path takes."
        case .invalidVote: "The vote does not carry what the ballot of the phase asks for."
        case .invalidDefinition: "The definition contradicts itself or a limit."
        case .headerTooLarge: "The fields of the request are too many or too long."
        case .rateLimited: "The token makes more requests than it may."
        case .internalFault: "The server has a defect."
        case .storageUnavailable: "The disk is full: nothing was counted; reads go on."
        case .overloaded: "The server has more to do than it can."
        case .starting: "The server is starting."
        case .draining: "The server is going down."
        }
    }

    func problem(_ detail: String? = nil) -> ProblemDetails {
        let (status, title) = response
        return ProblemDetails(
            status: status, code: rawValue, title: title, detail: detail ?? defaultDetail)
    }
}

extension Exchange {
    /// Seconds after which a client may try again what was refused for now.
    private static let retryAfter = "1"

    func refuse(_ refusal: Refusal, _ detail: String? = nil) {
        let problem = refusal.problem(detail)
        guard refusal.isTemporary else { return respond(problem) }
        let head = ResponseHead(
            status: problem.status,
            [
                ("content-type", "application/problem+json"), ("retry-after", Self.retryAfter),
            ])
        respond(head, body: problem.json())
    }

    /// 401, or 403, with what a client should know of it (RFC 6750, 3).
    ///
    /// - Parameter challenge: parameters behind the realm.
    private func refuse(_ refusal: Refusal, _ detail: String, challenge: String) {
        let problem = refusal.problem(detail)
        respond(ProblemDetails.head(problem.status), body: problem.json()) {
            $0.add("www-authenticate", "Bearer realm=\"tally\"" + challenge)
        }
    }

    /// - Parameter isPresented: there is a token, and it does not hold.
    func refuseUnauthenticated(isPresented: Bool) {
        if isPresented {
            refuse(
                .unauthenticated, "The token is unknown, was revoked, has expired, or is none.",
                challenge: ", error=\"invalid_token\"")
        } else {
            refuse(
                .unauthenticated, "This needs a token: Authorization: Bearer TOKEN.",
                challenge: "")
        }
    }

    /// - Parameter missing: scopes of which one would do.
    func refuse(missing: ScopeSet) {
        let names = missing.names
        refuse(
            .forbidden, "The token lacks the scope \(names.joined(separator: " or ")).",
            challenge: ", error=\"insufficient_scope\", scope=\"\(names.joined(separator: " "))\"")
    }

    /// 405 with the methods that the path takes.
    func refuseMethod(allowing methods: String) {
        let problem = Refusal.methodNotAllowed.problem()
        let head = ResponseHead(
            status: problem.status,
            [("content-type", "application/problem+json"), ("allow", methods)])
        respond(head, body: problem.json())
    }
}
