import NIOCore
import TallyActors

/// The commands of requests that each ask for one thing, gathered from one read of a connection.
struct SingleCommands {
    /// The most such commands in one batch.
    static let limit = 256

    let commands: CommandBatch
    private var exchanges: [Exchange] = []
    /// Which of them delete an account.
    private var deletions: Set<Int> = []

    init(inbox: OutcomeInbox) {
        commands = CommandBatch(capacity: Self.limit, completion: inbox)
        exchanges.reserveCapacity(Self.limit)
    }

    var isFull: Bool { commands.count == commands.capacity }

    mutating func append(_ command: Command, _ exchange: Exchange) {
        commands.append(command)
        exchanges.append(exchange)
    }

    mutating func append(deletionOf account: AccountKey, _ exchange: Exchange) {
        deletions.insert(exchanges.count)
        append(.delete(account), exchange)
    }

    /// A whole ballot.
    mutating func append(
        ballot votes: [Command], of account: AccountKey, in phase: PhaseNumber,
        _ exchange: Exchange
    ) {
        votes.withUnsafeBufferPointer {
            commands.appendBallot(of: account, phase: phase, votes: $0)
        }
        exchanges.append(exchange)
    }

    /// Answers each request with what became of its command. Deletions are written down even when nobody
    /// waits for the answer any more.
    func answer(_ audit: AuditLog) {
        for (index, result) in commands.results.enumerated() {
            let exchange = exchanges[index]
            if deletions.contains(index) {
                record(exchange, result.outcome, result.sequence, in: audit)
            }
            guard exchange.isOpen else { continue }
            if let refusal = commands.refusal {
                exchange.refuse(refusal)
            } else {
                answer(exchange, result.outcome, result.sequence)
            }
        }
    }

    private func record(
        _ exchange: Exchange, _ outcome: Outcome, _ sequence: UInt64, in audit: AuditLog
    ) {
        guard let identity = exchange.identity else {
            preconditionFailure("a deletion that nobody asked for")
        }
        var entry = AuditEntry(.deleteAccount, by: identity.bearer, outcome: "deleted")
        if let refusal = commands.refusal ?? outcome.code.refusal {
            entry.outcome = refusal.rawValue
        } else {
            entry.sequence = sequence
        }
        audit.record(entry)
    }

    private func answer(_ exchange: Exchange, _ outcome: Outcome, _ sequence: UInt64) {
        switch outcome.code {
        case .counted: exchange.answer("counted", sequence, StandardHeads.createdJSON)
        case .replaced: exchange.answer("replaced", sequence, StandardHeads.json)
        case .unchanged: exchange.answer("unchanged", sequence, StandardHeads.json)
        case .withdrawn: exchange.answer("withdrawn", sequence, StandardHeads.json)
        case .pending: exchange.answer("pending", sequence, StandardHeads.createdJSON)
        case .pendingReplaced: exchange.answer("pending", sequence, StandardHeads.json)
        case .deleted, .alreadyDeleted:
            let text =
                "{\"retracted\":\(outcome.retracted),\"frozen\":\(outcome.frozen),"
                + "\"sequence\":\(sequence)}"
            exchange.respond(StandardHeads.json, body: ByteBuffer(string: text))
        default:
            guard let refusal = outcome.code.refusal else {
                preconditionFailure("an outcome that is neither done nor refused")
            }
            exchange.refuse(refusal)
        }
    }
}

extension Exchange {
    fileprivate func answer(
        _ outcome: StaticString, _ sequence: UInt64, _ head: ResponseHead
    ) {
        var body = ByteBufferAllocator().buffer(capacity: 64)
        body.writeStaticString("{\"outcome\":\"")
        body.writeStaticString(outcome)
        body.writeStaticString("\",\"sequence\":")
        body.writeDecimal(sequence)
        body.writeStaticString("}")
        respond(head, body: body)
    }
}
