import Logging
import Persistence

// Snapshots, and what is erased by them.

extension SequencerWork {
    /// Writes a snapshot for somebody who asks.
    mutating func snapshot(_ reply: @escaping @Sendable (Result<UInt64, Refusal>) -> Void) {
        if isSnapshotUnderway {
            laterReplies.append(reply)
        } else if position == statistics.snapshotSequence {
            reply(.success(position))
        } else {
            snapshotReplies.append(reply)
            beginSnapshot(at: stamp())
        }
    }

    /// Says which deletions are not yet physical, those before the call included.
    mutating func erasure(_ reply: @escaping @Sendable (Result<ErasureStatus, Refusal>) -> Void) {
        observeDeletions(at: stamp())
        reply(.success(statistics.erasure))
    }

    /// Makes every deletion so far physical for somebody who asks: by at most two snapshots that
    /// begin from now on, whatever else comes meanwhile.
    mutating func erase(_ reply: @escaping @Sendable (Result<ErasureStatus, Refusal>) -> Void) {
        observeDeletions(at: stamp())
        guard erasures.pending > 0 else { return reply(.success(statistics.erasure)) }
        erasureWaits.append(
            ErasureWait(
                after: snapshotsBegun, snapshots: erasures.isSupersededOnly ? 1 : 2, reply: reply))
        if !isSnapshotUnderway { goOnErasing() }
    }

    private mutating func goOnErasing() {
        if !erasureWaits.isEmpty { beginSnapshot(at: stamp()) }
    }

    /// Answers who waited for the snapshot that was just written, or could not be.
    private mutating func answerErasures(_ result: Result<UInt64, Refusal>) {
        var stillWaiting: [ErasureWait] = []
        for var wait in erasureWaits {
            switch result {
            case .failure(let refusal): wait.reply(.failure(refusal))
            case .success:
                if wait.after < snapshotsBegun { wait.snapshots -= 1 }
                if wait.snapshots > 0 {
                    stillWaiting.append(wait)
                } else {
                    wait.reply(.success(statistics.erasure))
                }
            }
        }
        erasureWaits = stillWaiting
    }

    mutating func snapshotWritten(_ result: Result<SnapshotSummary, StorageFault>) {
        isSnapshotUnderway = false
        snapshotProgress = nil
        let answer: Result<UInt64, Refusal>
        switch result {
        case .success(let summary):
            statistics.snapshots += 1
            statistics.snapshotSequence = summary.sequence
            statistics.snapshotBytes = UInt64(summary.bytes)
            logger.info(
                "wrote a snapshot",
                metadata: ["position": "\(summary.sequence)", "bytes": "\(summary.bytes)"])
            answer = .success(summary.sequence)
        case .failure(let fault):
            settle(fault)
            schedule.retry(monotonic: clock.read().monotonic)
            answer = .failure(.storageUnavailable)
        }
        let movesErasures = erasures.isSnapshotUnderway
        if movesErasures { erasures.endSnapshot(isDurable: (try? answer.get()) != nil) }
        observeDeletions(at: stamp())
        answerErasures(movesErasures ? answer : .failure(.storageUnavailable))
        for reply in snapshotReplies { reply(answer) }
        snapshotReplies = []
        let later = laterReplies
        laterReplies = []
        if later.isEmpty { return goOnErasing() }
        if position == statistics.snapshotSequence {
            for reply in later { reply(.success(position)) }
            goOnErasing()
        } else {
            snapshotReplies = later
            beginSnapshot(at: stamp())
        }
    }

    /// Takes the state at this record boundary and writes it on another thread. The shards are
    /// waited for, but copy nothing.
    mutating func beginSnapshot(at instant: Instant) {
        isSnapshotUnderway = true
        snapshotsBegun += 1
        let monotonic = clock.read().monotonic
        schedule = SnapshotSchedule(
            sequence: position, journalBytes: statistics.journalBytes, monotonic: monotonic)
        // A snapshot at the position of the last one would take its place instead of superseding
        // it, and leave the files before it alone.
        if position == statistics.snapshotSequence, let fault = mark(at: instant) {
            return post(.snapshotWritten(.failure(fault)))
        }
        // Without room for another segment the snapshot may be what makes room, but the segment
        // goes on beyond it, and keeps what is to be erased.
        var hasRolled = true
        do throws(StorageFault) {
            try journal.roll()
        } catch {
            settle(error)
            hasRolled = false
        }
        let ballots = rows.freeze()
        observeDeletions(at: instant)
        let erasing = erasures.superseded.count > 0
        logger.info("writing a snapshot", metadata: ["position": "\(position)"])
        let content = SnapshotContent(
            sequence: position, instant: recordInstant, chainDigest: journal.chainDigest,
            catalogue: machine.catalogue, ballots: ballots,
            erasures: hasRolled ? erasures.beginSnapshot() : erasures.all)
        snapshotProgress = content.progress
        rows.host.background("tally.snapshot") { [directory, post, host = rows.host] in
            post(
                .snapshotWritten(
                    content.write(into: directory, erasing: erasing) { bytes in
                        host.rest(afterWriting: bytes)
                    }))
        }
    }

    /// Takes a number that stands for nothing.
    ///
    /// - Returns: what kept it from being written.
    private mutating func mark(at instant: Instant) -> StorageFault? {
        let first = position + 1
        guard append(.mark, first: first, count: 1, at: instant, payload: []) else {
            return .full(file: "the journal")
        }
        rows.apply(
            OrderedRecord(
                batches: [], first: first, last: position, instant: instant,
                shards: rows.ballots.count))
        return nil
    }

    mutating func observeDeletions(at instant: Instant) {
        erasures.observe(total: rows.statistics.namingsOfDeleted, at: instant)
        publishErasure()
    }

    mutating func publishErasure() {
        statistics.erasure.pending = erasures.pending
        statistics.erasure.until = erasures.since.map {
            Instant(milliseconds: $0.milliseconds + ErasureStatus.interval)
        }
    }
}
