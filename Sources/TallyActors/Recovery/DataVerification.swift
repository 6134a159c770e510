import Dispatch
public import Persistence
import Synchronization

/// Checks a data directory that no server holds: every byte of it, and the counts against a
/// recount of the votes.
public enum DataVerification {
    public struct Report: Sendable {
        public var files: VerificationReport
        public var votes: Int
        public var accounts: Int
        public var deletedAccounts: Int
    }

    /// The counts are not what the votes come to: a defect of the machines that made them.
    public struct CountsDiffer: Error, CustomStringConvertible {
        public var description: String { "the counts differ from a recount of the votes" }
    }

    /// Blocks the calling thread.
    ///
    /// - Throws: `StorageFault`, `DirectoryFault`, `Damage`, `Replay.UnknownContent`, or
    ///   `CountsDiffer`.
    public static func run(
        _ storage: any Storage, configuration: ServiceConfiguration
    ) throws -> Report {
        let target = VerifyingReplay(configuration)
        let files = try Verification.run(
            storage, rulesVersion: TallyService.rulesVersion, into: target)
        let replay = target.folded
        replay.finish()
        if files.markHasTornSlot {
            // A start tolerates it: a power cut may have torn it, and the other slot holds.
            throw Damage(
                file: "durable-mark", offset: 0, reason: "one of its two slots is damaged")
        }
        let rows = replay.rows
        let folded = rows.cut()
        let recounted = ActorRows(
            machines: [], changes: rows.recount(), tallyShards: configuration.tallyShards,
            catalogue: folded.catalogue, position: folded.sequence, instant: folded.asOf
        ).cut()
        guard folded.hasSameCounts(as: recounted) else { throw CountsDiffer() }
        let statistics = rows.statistics
        return Report(
            files: files, votes: statistics.votes, accounts: statistics.accounts,
            deletedAccounts: statistics.tombstones)
    }
}

/// Folds a directory's records, and compares what they come to with each later snapshot.
private final class VerifyingReplay: ReplayTarget {
    private let configuration: ServiceConfiguration
    let folded: Replay
    private var hasBegun = false
    /// A later snapshot that is being read.
    private var compared: Replay?

    init(_ configuration: ServiceConfiguration) {
        self.configuration = configuration
        folded = Replay(configuration)
    }

    func begin(_ snapshot: SnapshotHeader?) throws {
        if hasBegun { compared = Replay(configuration) }
        hasBegun = true
        try (compared ?? folded).begin(snapshot)
    }

    func chunk(kind: UInt8, _ bytes: UnsafeRawBufferPointer) throws {
        try (compared ?? folded).chunk(kind: kind, bytes)
    }

    func endSnapshot() throws {
        try (compared ?? folded).endSnapshot()
        guard let compared else { return }
        self.compared = nil
        folded.finish()
        let left = folded.rows.statistics
        let right = compared.rows.statistics
        guard left.votes == right.votes, left.accounts == right.accounts,
            left.tombstones == right.tombstones,
            folded.rows.cut().hasSameCounts(as: compared.rows.cut())
        else { throw DataVerification.CountsDiffer() }
    }

    func record(_ fields: RecordFields, payload: UnsafeRawBufferPointer) throws {
        try folded.record(fields, payload: payload)
    }
}

extension ActorRows {
    /// A cut at the last record given to the shards. Blocks the calling thread.
    fileprivate func cut() -> Cut {
        let semaphore = DispatchSemaphore(value: 0)
        let result = Mutex<Cut?>(nil)
        tallies.withCut { cut in
            result.withLock { $0 = cut }
            semaphore.signal()
        }
        semaphore.wait()
        guard let cut = result.withLock({ $0 }) else { preconditionFailure("no cut was made") }
        return cut
    }
}

extension Catalogue {
    fileprivate var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.catalogue(self)
        return writer.bytes
    }
}

extension Cut {
    fileprivate func hasSameCounts(as other: Cut) -> Bool {
        guard catalogue.encoded == other.catalogue.encoded else { return false }
        return catalogue.phases.allSatisfy { entry in
            guard let entry else { return true }
            let left = phase(entry.number)
            let right = other.phase(entry.number)
            return left.voters == right.voters
                && entry.proposalNumbers.allSatisfy { proposal in
                    (0..<entry.optionCount).allSatisfy {
                        left.counts(of: proposal)[$0] == right.counts(of: proposal)[$0]
                    }
                }
        }
    }
}
