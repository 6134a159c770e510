package import Logging
package import Persistence

/// What the sequencer's thread does and owns: stamps, the journal, the catalogue machine.
package struct SequencerWork: Sendable {
    /// The most places of 24 bytes a record holds (a command has one, a ballot one more for each
    /// vote), about 7 MiB of payload: deletions alone fit the reserve.
    static let maximumPlaces = 300_000
    /// The most batches a record holds: each is one part of one gathered write.
    static let maximumBatches = 1_000
    /// The longest time in milliseconds that the thread sleeps: how often the durable mark moves
    /// and the clocks are compared.
    static let maximumPatience: Int64 = 1_000
    /// How long it sleeps while the clock is not believed or the disk is full.
    static let retryPatience: Int64 = 100

    let directory: DataDirectory
    let journal: any Journal
    let rows: ShardRows
    let clock: any ServiceClock
    let logger: Logger
    private let publish: @Sendable (Catalogue) -> Void
    private let fail: @Sendable (StorageFault) -> Never
    /// Puts an entry into the sequencer's own inbox.
    let post: @Sendable (Sequencer.Entry) -> Void
    private(set) var machine: CatalogueMachine
    private var clockGuard: ClockGuard
    /// The last number that was given and is durable.
    package private(set) var position: UInt64
    /// The time of the last record.
    private(set) var recordInstant: Instant
    var schedule: SnapshotSchedule
    var isSnapshotUnderway = false
    var snapshotProgress: SnapshotProgress?
    /// Who waits for the snapshot under way, and for one that begins later.
    var snapshotReplies: [@Sendable (Result<UInt64, Refusal>) -> Void] = []
    var laterReplies: [@Sendable (Result<UInt64, Refusal>) -> Void] = []
    var erasures: ErasureLedger
    var erasureWaits: [ErasureWait] = []
    /// Since the start.
    var snapshotsBegun: UInt64 = 0
    var audit: SelfAudit
    private var markedAt: Int64
    var statistics = SequencerStatistics()

    package init(
        directory: DataDirectory, journal: any Journal, rows: ShardRows, catalogue: Catalogue,
        snapshotSequence: UInt64, lastInstant: Instant, erasures: ErasureLedger,
        clock: any ServiceClock, logger: Logger,
        publish: @escaping @Sendable (Catalogue) -> Void,
        fail: @escaping @Sendable (StorageFault) -> Never,
        post: @escaping @Sendable (Sequencer.Entry) -> Void
    ) {
        self.directory = directory
        self.post = post
        self.journal = journal
        self.rows = rows
        self.clock = clock
        self.logger = logger
        self.publish = publish
        self.fail = fail
        machine = CatalogueMachine(catalogue: catalogue)
        let reading = clock.read()
        clockGuard = ClockGuard(start: reading, last: lastInstant)
        recordInstant = lastInstant
        statistics.snapshotSequence = snapshotSequence
        schedule = SnapshotSchedule(
            sequence: snapshotSequence, journalBytes: 0, monotonic: reading.monotonic)
        position = journal.lastSequence
        self.erasures = erasures
        audit = SelfAudit(monotonic: reading.monotonic)
        markedAt = reading.monotonic
        publishErasure()
    }

    private static let noRoom = CatalogueOutcome.refused(
        .storageUnavailable, detail: "There is no room on the disk.")

    private static let countsDiffer = CatalogueOutcome.refused(
        .internalFault, detail: "The self-audit found a wrong count: nothing is written any more.")

    /// How long the thread may sleep when nothing is to be done, in milliseconds.
    var patience: Int64 {
        guard let next = machine.nextTransition else { return Self.maximumPatience }
        // What is due and cannot be done now is tried again soon, not at once.
        let isWaiting = !statistics.isClockTrusted || !statistics.hasRoom
        let wait = next.milliseconds - clock.read().wall.milliseconds
        return max(isWaiting ? Self.retryPatience : 1, min(Self.maximumPatience, wait))
    }

    /// Whether a record of so many batches and places of commands takes this batch, too.
    func fits(_ batch: CommandBatch, beside batches: Int, places: Int) -> Bool {
        batches < Self.maximumBatches && places + batch.placeCount <= Self.maximumPlaces
    }

    /// What is due by time alone: phases that open or close, and the durable mark.
    package mutating func tick() {
        let instant = stamp()
        _ = transition(at: instant)
        let monotonic = clock.read().monotonic
        if monotonic - markedAt >= Self.maximumPatience {
            markedAt = monotonic
            do throws(StorageFault) { try journal.markDurable() } catch { settle(error) }
            statistics.snapshotPercent = snapshotProgress?.percent
            if !statistics.hasRoom { lookForRoom() }
            observeDeletions(at: instant)
            let isDue = schedule.isDue(
                sequence: position, journalBytes: statistics.journalBytes,
                isErasurePending: erasures.pending > 0, monotonic: monotonic)
            if isDue, !isSnapshotUnderway { beginSnapshot(at: instant) }
            if audit.isDue(monotonic: monotonic) { beginAudit() }
        }
    }

    /// Makes a record of the batches: durable first, applied then.
    mutating func order(_ batches: [CommandBatch]) {
        guard !batches.isEmpty else { return }
        let instant = stamp()
        guard statistics.audit.difference == nil else {
            return refuse(batches, with: .internalFault)
        }
        guard transition(at: instant) else { return refuse(batches) }
        for batch in batches where batch.lane?.isBroken == true {
            batch.refusal = .storageUnavailable
        }
        let first = position + 1
        guard append(batches, at: instant) || appendDeletions(batches, at: instant) else {
            return refuse(batches)
        }
        rows.apply(
            OrderedRecord(
                batches: batches, first: first, last: position, instant: instant,
                shards: rows.ballots.count))
    }

    /// Numbers the commands of all batches that are not refused, and makes them durable.
    ///
    /// - Returns: false when there is no room.
    private mutating func append(
        _ batches: [CommandBatch], at instant: Instant, mayUseReserve: Bool = false
    ) -> Bool {
        var next = position + 1
        var payload: [UnsafeRawBufferPointer] = []
        for batch in batches where batch.refusal == nil {
            batch.firstSequence = next
            next += UInt64(batch.count)
            if batch.count > 0 { payload.append(UnsafeRawBufferPointer(batch.commandBuffer)) }
        }
        if payload.isEmpty { return true }
        return append(
            .commands, first: position + 1, count: next - position - 1, at: instant,
            payload: payload, mayUseReserve: mayUseReserve)
    }

    /// On a full disk: deleting must always be possible, so batches of deletions alone may use the
    /// reserve, and the others are refused.
    private mutating func appendDeletions(
        _ batches: [CommandBatch], at instant: Instant
    ) -> Bool {
        guard batches.contains(where: { $0.refusal == nil && $0.holdsOnlyDeletions }) else {
            return false
        }
        for batch in batches where !batch.holdsOnlyDeletions { refuse(batch) }
        return append(batches, at: instant, mayUseReserve: true)
    }

    /// Applies a catalogue command as a barrier.
    mutating func order(_ wish: CatalogueWish) {
        let instant = stamp()
        guard statistics.audit.difference == nil else {
            return wish.reply(Self.countsDiffer, position)
        }
        guard transition(at: instant) else {
            return wish.reply(Self.noRoom, position)
        }
        // Waits for the shards, so that the position in the reply is an applied one even when
        // nothing is journaled.
        let locks = rows.gatherLocks()
        if let precondition = wish.precondition, !precondition(machine.catalogue) {
            let detail = "The definition is not as the request wants it to be."
            return wish.reply(.refused(.preconditionFailed, detail: detail), position)
        }
        let outcome = apply(wish.command, at: instant, locks: locks)
        wish.reply(outcome, position)
    }

    /// A snapshot under way is left to the next start, which removes it.
    mutating func stop() {
        // Waits for the shards: every batch that was taken has come back.
        rows.settle()
        for reply in snapshotReplies + laterReplies { reply(.failure(.draining)) }
        for wait in erasureWaits { wait.reply(.failure(.draining)) }
        do throws(StorageFault) { try journal.close() } catch { settle(error) }
    }

    /// Refuses batches, as a rule for want of room. They take the way through the shards
    /// nevertheless, so that a connection gets its answers in the order of its batches.
    private func refuse(
        _ batches: [CommandBatch], with refusal: Refusal = .storageUnavailable
    ) {
        for batch in batches { refuse(batch, with: refusal) }
        rows.apply(
            OrderedRecord(
                batches: batches, first: position + 1, last: position,
                instant: Instant(milliseconds: 0), shards: rows.ballots.count))
    }

    private func refuse(_ batch: CommandBatch, with refusal: Refusal = .storageUnavailable) {
        batch.refusal = refusal
        batch.lane?.isBroken = true
    }

    /// Sees whether a full disk has room again: without it, a server from which votes are kept
    /// because it is not ready would never become so.
    private mutating func lookForRoom() {
        do throws(StorageFault) {
            try journal.roll()
            statistics.hasRoom = true
            logger.notice("there is room on the disk again")
        } catch {
            settle(error)
        }
    }

    mutating func stamp() -> Instant {
        let (instant, isTrusted) = clockGuard.stamp(clock.read())
        if isTrusted != statistics.isClockTrusted {
            statistics.isClockTrusted = isTrusted
            logger.warning(
                "the wall clock jumped",
                metadata: ["timed_transitions": isTrusted ? "resumed" : "waiting"])
        }
        return instant
    }

    /// Opens and closes what is due at this time, before anything else with the same time.
    ///
    /// - Returns: false when there is no room on the disk for one of them: then nothing may be
    ///   journaled with this time.
    private mutating func transition(at instant: Instant) -> Bool {
        guard statistics.isClockTrusted, statistics.audit.difference == nil else { return true }
        while let command = machine.dueTransition(at: instant) {
            guard case .state(let state) = apply(command, at: instant, locks: VoteLocks()) else {
                return false
            }
            logger.info("a phase changed by its schedule", metadata: ["state": "\(state)"])
        }
        return true
    }

    private mutating func apply(
        _ command: CatalogueCommand, at instant: Instant, locks: VoteLocks
    ) -> CatalogueOutcome {
        var next = machine
        let (outcome, changed) = next.apply(
            command, sequence: position + 1, at: instant, locks: locks, cut: rows.settledCut)
        guard changed else { return outcome }
        var writer = ByteWriter()
        writer.command(command)
        let isDurable = writer.bytes.withUnsafeBytes { bytes in
            append(
                .catalogue, first: position + 1, count: 1, at: instant, payload: [bytes],
                mayUseReserve: command.movesPhase)
        }
        guard isDurable else { return Self.noRoom }
        machine = next
        rows.adopt(machine.catalogue, sequence: position, instant: instant)
        publish(machine.catalogue)
        return outcome
    }

    /// - Returns: false when the disk is full: then nothing was written and no number was given.
    mutating func append(
        _ kind: RecordKind, first: UInt64, count: UInt64, at instant: Instant,
        payload: [UnsafeRawBufferPointer], mayUseReserve: Bool = false
    ) -> Bool {
        let fields = RecordFields(
            kind: kind.rawValue, firstSequence: first, count: UInt32(count),
            timestamp: instant.milliseconds)
        do throws(StorageFault) {
            try journal.append(fields, payload: payload, mayUseReserve: mayUseReserve)
        } catch {
            settle(error)
            return false
        }
        if !statistics.hasRoom { logger.notice("there is room on the disk again") }
        statistics.hasRoom = true
        statistics.records += 1
        statistics.commands += count
        statistics.journalBytes += UInt64(payload.reduce(0) { $0 + $1.count })
        position += count
        recordInstant = instant
        return true
    }

    /// A full disk is waited out; any other fault stops the process, never retried.
    mutating func settle(_ fault: StorageFault) {
        guard case .full = fault else { fail(fault) }
        if statistics.hasRoom { logger.error("the disk is full: writes are refused") }
        statistics.hasRoom = false
    }
}

extension CatalogueCommand {
    /// Whether it may use the reserve of a full disk: closing must always be possible, and so must
    /// an opening that is due before it.
    fileprivate var movesPhase: Bool {
        switch self {
        case .openPhase, .closePhase: true
        case .define, .putProposal, .remove: false
        }
    }
}
