import NIOCore

/// The application's side of a connection that was made before there was a service: it says how far
/// the start is, refuses everything else as `starting`, and hands over when the service is there.
final class StartingResponder: RequestResponder {
    private let connection: any HTTPConnection
    private let stage: ServerStage
    private var gatekeeper: Gatekeeper
    /// Takes every request that begins after the start.
    private var responder: GatewayResponder?

    init(connection: any HTTPConnection, stage: ServerStage) {
        self.connection = connection
        self.stage = stage
        gatekeeper = Gatekeeper(stage.access, stage.origins)
    }

    func begin(_ exchange: Exchange) {
        if responder == nil, let context = stage.context {
            responder = GatewayResponder(connection: connection, context: context)
        }
        if let responder { return responder.begin(exchange) }
        exchange.crossOrigin = stage.origins.crossOrigin(of: exchange)
        // Credentials are asked for when there is something to ask them for.
        if exchange.withHeader(.authorization, { _ in }) == nil,
            case .foreign = gatekeeper.admitWithoutCredential(exchange)
        {
            return exchange.refuse(.forbidden)
        }
        switch Route.read(exchange) {
        case .failure(let refusal):
            exchange.refuse(refusal)
        case .success(let (route, _)):
            if exchange.isPreflight { return exchange.answerPreflight(route) }
            guard route.methods.contains(exchange.method) else {
                return exchange.refuseMethod(allowing: route.methods.allow)
            }
            begin(exchange, route)
        }
    }

    private func begin(_ exchange: Exchange, _ route: Route) {
        switch route {
        case .live(let verbose): exchange.answerLiveness(verbose: verbose)
        case .version: exchange.answerVersion(stage.version)
        case .ready(let verbose):
            let text = Readiness.starting(stage.progress, verbose: verbose)
            exchange.respond(StandardHeads.unavailableText, body: ByteBuffer(string: text))
        default: exchange.refuse(.starting)
        }
    }

    func body(_ exchange: Exchange, _ bytes: UnsafeRawBufferPointer) {
        responder?.body(exchange, bytes)
    }

    func end(_ exchange: Exchange) { responder?.end(exchange) }

    func aborted(_ exchange: Exchange) { responder?.aborted(exchange) }

    func drained(_ exchange: Exchange) { responder?.drained(exchange) }

    func readComplete() { responder?.readComplete() }

    func connectionDraining() { responder?.connectionDraining() }

    func connectionClosed() { responder?.connectionClosed() }
}
