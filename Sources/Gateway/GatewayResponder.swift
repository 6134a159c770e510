import DequeModule
import NIOCore
import TallyActors

/// The application's side of one connection: routes its requests, gathers its commands into
/// batches, and answers when they are applied. Confined to the connection's event loop.
final class GatewayResponder: RequestResponder {
    /// What waits for a submitted batch, in the order of submission.
    enum Waiting {
        case single(SingleCommands)
        case lines(CommandStream, LineBatch)
    }

    private struct Submitted {
        var waiting: Waiting
        var at: NIODeadline
    }

    let context: GatewayContext
    let connection: any HTTPConnection
    private(set) var inbox: OutcomeInbox!
    private var waiting: Deque<Submitted> = []
    /// Whether there is too much to do, as found out once for all that arrives together.
    private var isOverloaded: Bool?
    private var single: SingleCommands?
    private var streams: [CommandStream] = []
    private let tallies: TallyDesk
    let votes: VoteDesk
    private var gatekeeper: Gatekeeper
    private var isClosed = false
    /// Looks, while there are streams, whether what admitted them still holds.
    private var expiryLook: RepeatedTask?

    init(connection: any HTTPConnection, context: GatewayContext) {
        self.connection = connection
        self.context = context
        tallies = TallyDesk(context: context, connection: connection)
        votes = context.voteDesk(of: connection.eventLoop)
        gatekeeper = Gatekeeper(context.access, context.origins)
        inbox = OutcomeInbox(responder: self, eventLoop: connection.eventLoop)
    }

    // MARK: - Requests

    func begin(_ exchange: Exchange) {
        exchange.crossOrigin = context.origins.crossOrigin(of: exchange)
        let admission = gatekeeper.admit(exchange, accountHash: context.service.accountHash)
        switch admission {
        case .foreign: return exchange.refuse(.forbidden)
        case .admitted(let identity):
            exchange.identity = identity
            guard keepsRate(exchange, identity) else { return }
            if beginAgain(exchange, identity) { return }
        case .needsCredential, .badCredential: break
        }
        switch Route.read(exchange) {
        case .failure(let refusal):
            exchange.refuse(refusal)
        case .success(let (route, isMalformed)):
            if exchange.isPreflight { return exchange.answerPreflight(route) }
            guard route.methods.contains(exchange.method) else {
                return exchange.refuseMethod(allowing: route.methods.allow)
            }
            guard allows(route, exchange, admission) else { return }
            guard carriesWhat(route, takes: exchange) else { return }
            if route.submitsCommands(exchange.method), !takesMore(exchange) { return }
            if isMalformed { return exchange.refuse(.malformed, "A name in the path is none.") }
            begin(exchange, route)
        }
    }

    /// What the connection, or another of its event loop, asked for before is known where it leads.
    private func beginAgain(_ exchange: Exchange, _ identity: Identity) -> Bool {
        if identity.scopes.contains(.talliesRead), tallies.answerAgain(exchange, identity) {
            return true
        }
        guard let vote = votes.vote(exchange), identity.mayVote(for: vote.account) else {
            return false
        }
        guard takesMore(exchange) else { return true }
        begin(exchange, vote)
        return true
    }

    func body(_ exchange: Exchange, _ bytes: UnsafeRawBufferPointer) {
        switch exchange.context {
        case let vote as PendingVote:
            if !vote.body.collect(bytes) { refuseBody(exchange, over: vote.body.limit) }
        case let stream as CommandStream: stream.take(bytes)
        case let request as CollectedRequest:
            if !request.body.collect(bytes) { refuseBody(exchange, over: request.body.limit) }
        default: break
        }
    }

    func end(_ exchange: Exchange) {
        guard exchange.isOpen else { return }
        switch exchange.context {
        case let vote as PendingVote:
            exchange.context = nil
            if stillHolds(exchange) { cast(exchange, vote) }
        case let stream as CommandStream: stream.requestEnded()
        case let request as CollectedRequest:
            exchange.context = nil
            if stillHolds(exchange) { finish(exchange, request) }
        default: break
        }
    }

    func aborted(_ exchange: Exchange) {
        guard let stream = exchange.context as? CommandStream else { return }
        stream.aborted()
        forget(stream)
    }

    func drained(_ exchange: Exchange) {
        (exchange.context as? CommandStream)?.drained()
    }

    private func refuseBody(_ exchange: Exchange, over limit: Int) {
        context.meter.count(.bodyBytes)
        exchange.refuseBody(over: limit)
    }

    func readComplete() {
        isOverloaded = nil
        for stream in streams { stream.submit() }
        submitSingles()
        tallies.readComplete()
    }

    func connectionDraining() {
        for stream in streams { stream.drain() }
    }

    func connectionClosed() {
        isClosed = true
        for stream in streams {
            stream.aborted()
            forget(stream)
        }
    }

    // MARK: - Commands

    /// Adds a command that is answered for itself.
    func submit(_ command: Command, for exchange: Exchange) {
        gather { $0.append(command, exchange) }
    }

    func submit(deletionOf account: AccountKey, for exchange: Exchange) {
        gather { $0.append(deletionOf: account, exchange) }
    }

    /// Adds a whole ballot, which is answered for itself.
    func submit(
        ballot votes: [Command], of account: AccountKey, in phase: PhaseNumber,
        for exchange: Exchange
    ) {
        gather { $0.append(ballot: votes, of: account, in: phase, exchange) }
    }

    private func gather(_ add: (inout SingleCommands) -> Void) {
        if single == nil { single = SingleCommands(inbox: inbox) }
        add(&single!)
        if single!.isFull { submitSingles() }
    }

    func submit(_ waiter: Waiting, _ batch: CommandBatch) {
        waiting.append(Submitted(waiting: waiter, at: .now()))
        if case .single(let single) = waiter { context.load.begin(single.commands.count) }
        // Until they are back, so that what was decided is told to the audit log in any case.
        inbox.hold(self)
        context.service.submit(batch)
    }

    private func submitSingles() {
        guard let single else { return }
        self.single = nil
        submit(.single(single), single.commands)
    }

    func startStream(_ exchange: Exchange, route: VoteRoute?) {
        guard let identity = exchange.identity else {
            preconditionFailure("a stream was begun that nobody asked for")
        }
        let stream = CommandStream(
            exchange: exchange, responder: self, route: route, identity: identity)
        exchange.context = stream
        streams.append(stream)
        watchExpiry()
        if context.isDraining { stream.drain() }
    }

    func forget(_ stream: CommandStream) {
        // The two hold each other.
        stream.exchange.context = nil
        streams.removeAll { $0 === stream }
        guard streams.isEmpty else { return }
        expiryLook?.cancel()
        expiryLook = nil
    }

    // MARK: - Limits

    /// Refuses what would have to wait too long, before its body is read: what is taken is answered
    /// in time.
    private func takesMore(_ exchange: Exchange) -> Bool {
        let isOverloaded = isOverloaded ?? findOverload()
        self.isOverloaded = isOverloaded
        if isOverloaded { exchange.refuse(.overloaded) }
        return !isOverloaded
    }

    private func findOverload() -> Bool {
        var crossed: Limit?
        if context.load.isFull { crossed = .waitingCommands }
        if let first = waiting.first, .now() - first.at >= context.limits.waitingTime {
            crossed = .waitingTime
        }
        if let crossed { context.meter.count(crossed) }
        return crossed != nil
    }

    private func keepsRate(_ exchange: Exchange, _ identity: Identity) -> Bool {
        guard let fields = context.rates.admit(identity, at: .now()) else { return true }
        exchange.rateLimit = fields
        if !fields.answer.isAdmitted { exchange.refuse(.rateLimited) }
        return fields.answer.isAdmitted
    }

    // MARK: - Credentials

    /// Whether a request that was admitted may go on.
    func stillGrants(_ identity: Identity) -> Bool { gatekeeper.stillGrants(identity) }

    /// Refuses a request whose body took longer to come than its credential held.
    private func stillHolds(_ exchange: Exchange) -> Bool {
        guard let identity = exchange.identity else {
            preconditionFailure("a request was begun that nobody asked for")
        }
        if stillGrants(identity) { return true }
        exchange.refuseUnauthenticated(isPresented: true)
        return false
    }

    private func watchExpiry() {
        guard expiryLook == nil else { return }
        let bound = NIOLoopBound(self, eventLoop: connection.eventLoop)
        expiryLook = connection.eventLoop.scheduleRepeatedTask(
            initialDelay: StreamLimits.expiryLook, delay: StreamLimits.expiryLook
        ) { _ in
            let responder = bound.value
            responder.connection.corked {
                for stream in responder.streams { stream.endIfExpired() }
            }
        }
    }

    /// Batches that came back, in the order of submission.
    func applied(_ batches: [CommandBatch]) {
        connection.corked {
            var answered: [CommandStream] = []
            for batch in batches {
                guard let waiter = waiting.popFirst()?.waiting else {
                    preconditionFailure("a batch came back that nobody waits for")
                }
                switch waiter {
                case .single(let single):
                    context.load.end(single.commands.count)
                    precondition(single.commands === batch, "batches came back out of order")
                    single.answer(context.audit)
                case .lines(let stream, let lines):
                    precondition(lines.commands === batch, "batches came back out of order")
                    stream.applied(lines)
                    if answered.last !== stream { answered.append(stream) }
                }
            }
            for stream in answered { stream.acknowledge() }
        }
        if waiting.isEmpty { inbox.letGo() }
    }

    func answerTally(_ exchange: Exchange, _ scope: TallyScope) {
        let showsWithheld = exchange.identity?.seesWithheld ?? false
        tallies.answer(exchange, TallyView(scope: scope, showsWithheld: showsWithheld))
    }
}
