import NIOCore
import TallyActors

/// One NDJSON stream of votes or of deletions: decodes lines as they arrive, answers as their
/// commands are applied. Confined to its connection's event loop.
///
/// The window of the request reopens as commands are applied, so what a stream holds in memory is
/// bounded by its window.
final class CommandStream {
    private enum Ending {
        /// The request goes on.
        case open
        /// The request ended: the last batch is on its way.
        case complete
        /// The server ends the stream: lines behind the last batch are not taken.
        case cut(Refusal)
        case over
    }

    let exchange: Exchange
    private unowned let responder: GatewayResponder
    private let identity: Identity
    private let service: TallyService
    private let lane = BatchLane()
    /// Exactly one of the two is there.
    private var votes: VoteLineDecoder?
    private var deletions: DeletionLineDecoder?
    private var gathering: LineBatch?
    /// Body bytes that arrived while the client left answers unread.
    private var backlog = ByteBuffer()
    private var isRequestComplete = false
    private var ending = Ending.open
    private var batchesInFlight = 0
    private var submittedLines: UInt64 = 0
    private var totals = StreamTotals()
    /// What the last `through` line said, or should say when the client has read what it has.
    private var through: UInt64 = 0
    private var appliedSequence: UInt64 = 0
    private var owesThrough = false
    private var isPaused = false
    /// How it ended, until that is written down.
    private var unrecordedEnd: String?

    /// - Parameter route: which votes it takes; nil for a stream of deletions.
    init(
        exchange: Exchange, responder: GatewayResponder, route: VoteRoute?, identity: Identity
    ) {
        self.exchange = exchange
        self.responder = responder
        self.identity = identity
        service = responder.context.service
        if let route {
            votes = VoteLineDecoder(accountHash: service.accountHash, route: route)
        } else {
            deletions = DeletionLineDecoder(accountHash: service.accountHash)
        }
        exchange.holdsWindow = true
        exchange.respondHead(StandardHeads.lines)
    }

    // MARK: - Lines in

    func take(_ bytes: UnsafeRawBufferPointer) {
        guard case .open = ending else { return exchange.consumed(bytes.count) }
        guard responder.stillGrants(identity) else {
            exchange.consumed(bytes.count)
            return cut(.unauthenticated)
        }
        if isPaused || backlog.readableBytes > 0 {
            backlog.writeBytes(bytes)
        } else {
            decode(bytes)
        }
    }

    func requestEnded() {
        isRequestComplete = true
        completeIfPossible()
    }

    /// Everything that has arrived was given: sends on what was decoded of it.
    func submit() {
        guard case .open = ending else { return }
        if lineCount > submittedLines {
            submitGathering()
        } else if let bytes = gathering?.bytes, bytes > 0 {
            // A part of a line, or of one that is skipped: at most one line is kept of it.
            gathering?.bytes = 0
            exchange.consumed(bytes)
        }
    }

    private func decode(_ bytes: UnsafeRawBufferPointer) {
        let catalogue = service.catalogue
        var offset = 0
        while offset < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
            var batch = takeGathering()
            let done =
                votes?.decode(rest, catalogue: catalogue, limit: batch.room, into: &batch.content)
                ?? deletions?.decode(rest, limit: batch.room, into: &batch.content) ?? rest.count
            batch.bytes += done
            offset += done
            gathering = batch
            if batch.room == 0 { submitGathering() }
        }
    }

    private var lineCount: UInt64 { votes?.lineCount ?? deletions?.lineCount ?? 0 }

    private func takeGathering() -> LineBatch {
        if let batch = gathering {
            gathering = nil
            return batch
        }
        let commands = CommandBatch(
            capacity: StreamLimits.batchLines, completion: responder.inbox)
        commands.lane = lane
        return LineBatch(commands: commands)
    }

    private func submitGathering() {
        var batch = takeGathering()
        batch.lastLine = lineCount
        submittedLines = lineCount
        batchesInFlight += 1
        responder.submit(.lines(self, batch), batch.commands)
    }

    /// Sends the last batch on its way when nothing is left to decode.
    private func completeIfPossible() {
        guard isRequestComplete, case .open = ending, backlog.readableBytes == 0, !isPaused
        else { return }
        var batch = takeGathering()
        votes?.finish(into: &batch.content)
        deletions?.finish(into: &batch.content)
        gathering = batch
        ending = .complete
        submitGathering()
    }

    // MARK: - Answers out

    /// The next batch of this stream was applied.
    func applied(_ batch: LineBatch) {
        batchesInFlight -= 1
        guard exchange.isOpen, !isOver else { return settle(batch) }
        exchange.consumed(batch.bytes)
        if let refusal = batch.commands.refusal {
            // The lane is broken: no later batch of the stream was taken either.
            return finish(with: refusal)
        }
        answer(batch)
        // The last batch of a stream may hold no line.
        owesThrough = owesThrough || batch.lastLine > through
        through = batch.lastLine
        appliedSequence = batch.commands.appliedSequence
        if batchesInFlight == 0 { conclude() }
        pauseIfUnread()
    }

    /// All batches that came back together were handled: says so once.
    func acknowledge() {
        guard owesThrough, exchange.isOpen, !isPaused else { return }
        owesThrough = false
        write("{\"through\":\(through),\"sequence\":\(appliedSequence)}\n")
    }

    /// The server goes down: what was taken is decided, nothing more is taken.
    func drain() { cut(.draining) }

    /// The credential that began the stream may have expired, or have been revoked.
    func endIfExpired() {
        if case .open = ending, !responder.stillGrants(identity) { cut(.unauthenticated) }
    }

    private func cut(_ refusal: Refusal) {
        guard case .open = ending else { return }
        submit()
        ending = .cut(refusal)
        if batchesInFlight == 0 { conclude() }
    }

    func aborted() {
        if isOver { return }
        end()
        recordIfSettled("aborted")
    }

    private var isOver: Bool {
        if case .over = ending { true } else { false }
    }

    /// Nobody hears any more what became of a batch, but it counts.
    private func settle(_ batch: LineBatch) {
        if batch.commands.refusal == nil {
            for result in batch.commands.results { _ = totals.count(result.outcome) }
            appliedSequence = batch.commands.appliedSequence
        }
        recordIfSettled()
    }

    /// Writes down, once, what a stream of deletions came to, when its last batch is back.
    private func recordIfSettled(_ end: String? = nil) {
        if let end, deletions != nil { unrecordedEnd = end }
        guard let outcome = unrecordedEnd, batchesInFlight == 0 else { return }
        unrecordedEnd = nil
        var entry = AuditEntry(.deleteAccounts, by: identity.bearer, outcome: outcome)
        entry.counts = totals.deletions
        entry.sequence = appliedSequence
        responder.context.audit.record(entry)
    }

    /// Lets go of everything that only an open stream needs.
    private func end() {
        ending = .over
        backlog = ByteBuffer()
        gathering = nil
    }

    /// The client has read what it had left unread.
    func drained() {
        guard isPaused else { return }
        isPaused = false
        acknowledge()
        resume()
    }

    private func resume() {
        guard case .open = ending else { return }
        var waiting = ByteBuffer()
        swap(&waiting, &backlog)
        waiting.withUnsafeReadableBytes { decode($0) }
        submit()
        completeIfPossible()
    }

    /// Writes the refused lines of a batch in the order of the lines.
    private func answer(_ batch: LineBatch) {
        let early = batch.content.refusals
        totals.refused += early.count
        var next = 0
        for (index, result) in batch.commands.results.enumerated() {
            guard let refusal = totals.count(result.outcome) else { continue }
            let line = batch.content.lines.line(at: index)
            while next < early.count, early[next].line < line {
                writeRefusal(early[next].refusal, line: early[next].line)
                next += 1
            }
            writeRefusal(refusal, line: line)
        }
        for refused in early[next...] { writeRefusal(refused.refusal, line: refused.line) }
    }

    private func conclude() {
        switch ending {
        case .open, .over: return
        case .cut(let refusal): finish(with: refusal)
        case .complete:
            acknowledge()
            end()
            recordIfSettled("done")
            write(
                votes == nil
                    ? totals.deletionsLine(lines: lineCount, sequence: appliedSequence)
                    : totals.votesLine(lines: lineCount, sequence: appliedSequence))
            exchange.finish()
            responder.forget(self)
        }
    }

    private func finish(with refusal: Refusal) {
        acknowledge()
        end()
        recordIfSettled(refusal.rawValue)
        write(
            """
            {"done":false,"error":"\(refusal.rawValue)","through":\(through),\
            "sequence":\(appliedSequence)}\n
            """)
        exchange.finish()
        responder.forget(self)
    }

    private func writeRefusal(_ refusal: Refusal, line: UInt64) {
        write("{\"line\":\(line),\"error\":\"\(refusal.rawValue)\"}\n")
    }

    private func write(_ line: String) {
        var line = line
        line.withUTF8 { exchange.write(UnsafeRawBufferPointer($0)) }
    }

    // MARK: - Slow readers

    private func pauseIfUnread() {
        guard !isPaused, exchange.isOpen, exchange.unsentBytes > StreamLimits.unreadBytes else {
            return
        }
        isPaused = true
    }
}
