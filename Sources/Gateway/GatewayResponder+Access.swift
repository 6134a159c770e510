import NIOCore
import TallyActors

// Who may do what, before it is looked at what there is.

extension GatewayResponder {
    /// Refuses a request that its route's scope does not allow.
    func allows(_ route: Route, _ exchange: Exchange, _ admission: Gatekeeper.Admission) -> Bool {
        let requirement = route.requirement(exchange.method)
        if requirement == .nothing { return true }
        switch admission {
        case .admitted(let identity):
            let missing = requirement.missing(
                to: identity,
                isOwn: identity.ownAccount != nil
                    && route.account.map { key(of: $0) } == identity.ownAccount)
            guard let missing else { return true }
            exchange.refuse(missing: missing)
        case .needsCredential: exchange.refuseUnauthenticated(isPresented: false)
        case .badCredential: exchange.refuseUnauthenticated(isPresented: true)
        case .foreign: exchange.refuse(.forbidden)
        }
        return false
    }

    /// What a browser is told whose page is of another origin.
    ///
    /// - Returns: true when the browser only asks what it may do (a preflight, which has no
    ///   credential).
    func crossOrigin(_ exchange: Exchange) -> Bool {
        let allowed = context.origins.allowed
        if allowed.origins.isEmpty { return false }
        let origin = exchange.withHeader(.origin) { allowed.matching($0) } ?? nil
        guard let origin else {
            exchange.crossOrigin = .refused
            return false
        }
        exchange.crossOrigin = .allowed(origin: origin)
        return exchange.method == .options
    }
}

extension Exchange {
    private static let preflight = ResponseHead(
        status: 204,
        [
            (
                "access-control-allow-headers",
                "authorization, content-type, if-match, if-none-match, last-event-id"
            ),
            ("access-control-max-age", "600"),
        ])

    func answerPreflight(_ route: Route) {
        respond(Self.preflight, body: nil) {
            $0.add("access-control-allow-methods", route.methods.allow)
        }
    }
}
