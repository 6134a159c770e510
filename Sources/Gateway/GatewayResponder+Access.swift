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

    /// A browser only asks what a page may do, without its credential.
    var isPreflight: Bool {
        guard method == .options, case .allowed = crossOrigin else { return false }
        return true
    }

    func answerPreflight(_ route: Route) {
        respond(Self.preflight, body: nil) {
            $0.add("access-control-allow-methods", route.methods.allow)
        }
    }
}
