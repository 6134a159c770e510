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

    /// The seal of a closed phase is not what its counts come to.
    public struct SealsDiffer: Error, CustomStringConvertible {
        public var description: String { "a seal differs from the counts of its phase" }
    }

    /// Blocks the calling thread.
    ///
    /// - Throws: `StorageFault`, `DirectoryFault`, `Damage`, `Replay.UnknownContent`,
    ///   `CountsDiffer`, or `SealsDiffer`.
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
        let folded = rows.settledCut()
        let recounted = ActorRows(
            machines: [], changes: rows.recount(), tallyShards: configuration.tallyShards,
            catalogue: folded.catalogue, position: folded.sequence, instant: folded.asOf
        ).settledCut()
        guard folded.hasSameCounts(as: recounted) else { throw CountsDiffer() }
        guard folded.agreesWithItsSeals else { throw SealsDiffer() }
        let totals = HeldTotals(rows.freeze())
        return Report(
            files: files, votes: totals.votes, accounts: totals.accounts,
            deletedAccounts: totals.deletedAccounts)
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
        guard HeldTotals(folded.rows.freeze()) == HeldTotals(compared.rows.freeze()),
            folded.rows.settledCut().hasSameCounts(as: compared.rows.settledCut())
        else { throw DataVerification.CountsDiffer() }
    }

    func record(_ fields: RecordFields, payload: UnsafeRawBufferPointer) throws {
        try folded.record(fields, payload: payload)
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

    fileprivate var agreesWithItsSeals: Bool {
        catalogue.phases.allSatisfy { entry in
            guard let entry, let seal = entry.seal else { return true }
            return Seal(of: entry, counts: counts(of: entry), at: seal.at).bytes == seal.bytes
        }
    }
}

/// What the machines of all ballot shards hold together.
private struct HeldTotals: Equatable {
    var votes = 0
    var accounts = 0
    var deletedAccounts = 0

    init(_ machines: [BallotMachine]) {
        for var machine in machines {
            // How far the sweep of removed phases has come says nothing.
            while machine.isSweeping { machine.sweepStep() }
            votes += machine.voteCount
            accounts += machine.accountCount
            deletedAccounts += machine.tombstoneCount
        }
    }
}
